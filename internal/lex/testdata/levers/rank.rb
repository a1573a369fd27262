require_relative "store"
module A
  class Ranker
    BOOST = 1.8
    # Scores it.
    def score(doc, limit: 20, decay: 0.5)
      x = doc.tf * 0.7 + Math.log(doc.len) * 0.2
      if x > 0.5
        x / 2.5
      end
    end
    def self.run(q) = 1
  end
end
