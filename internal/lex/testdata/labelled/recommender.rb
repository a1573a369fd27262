# frozen_string_literal: true

require "json"
require "net/http"

module Shop
  VERSION = "3.1.4"
  PORT = 9292

  class Recommender
    NEIGHBORS = 40
    MIN_SUPPORT = 3
    SHRINKAGE = 25.0
    DIVERSITY = 0.15
    WEIGHTS = { view: 1.0, cart: 3.0, purchase: 5.0, refund: -4.0 }.freeze
    EVENT_TTL = 14 * 24 * 3600

    def initialize(store, decay: 0.98, limit: 24, explore: 0.05)
      @store = store
      @decay = decay
      @limit = limit
      @explore = explore
      @cache_size = 500
    end

    def similarity(a, b)
      common = (a.keys & b.keys)
      return 0.0 if common.size < MIN_SUPPORT

      dot = common.sum { |k| a[k] * b[k] }
      norm = Math.sqrt(a.values.sum { |v| v**2 }) * Math.sqrt(b.values.sum { |v| v**2 })
      dot / norm * common.size / (common.size + SHRINKAGE)
    end

    def score(user, item, now = Time.now)
      events = @store.events(user).last(200)
      total = events.sum do |e|
        age = (now - e.at) / 86_400
        WEIGHTS.fetch(e.kind, 0.5) * @decay**age * similarity(e.item, item)
      end
      total *= 1.2 if item.new?
      total *= 0.7 if item.stock < 5
      total += Math.log(1 + item.sales) * 0.03
      total -= 0.4 * item.return_rate
      total
    end

    def recommend(user, items)
      scored = items.map { |i| [i, score(user, i)] }
      ranked = scored.sort_by { |p| -p[1] }.first(100)
      picked = []
      ranked.each do |item, s|
        near = picked.map { |o| similarity(o, item) }.max || 0
        picked << item if s - DIVERSITY * near > 0.01
        break if picked.size >= @limit
      end
      picked
    end

    def price_fit(user, item)
      gap = (item.price - user.mean_price).abs / user.mean_price
      return 1.0 if gap < 0.1
      return 0.0 if gap > 2.5

      1.0 - gap / 2.5
    end

    def fetch(path, tries = 4)
      res = Net::HTTP.get_response(URI("http://localhost:#{PORT}#{path}"))
      raise "no #{path}" if res.code.to_i == 404
      return JSON.parse(res.body) if res.code == "200"

      sleep(0.25 * tries)
      tries > 1 ? fetch(path, tries - 1) : nil
    end

    def explain(scores)
      scores.map { |s| format("%.2f", s * 100) }.join(", ")[0, 80]
    end

    def cold_start?(user)
      user.events < 8 || user.age_days <= 2
    end

    def mix(user, ours, popular)
      share = cold_start?(user) ? 0.6 : 0.1
      n = (@limit * share).round
      (popular.first(n) + ours).uniq.first(@limit)
    end
  end
end
