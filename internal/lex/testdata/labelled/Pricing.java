package com.example.pricing;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Quotes a delivery. */
public final class Pricing {
    private static final long serialVersionUID = 42L;
    private static final double BASE_FEE = 3.5;
    private static final double PER_KM = 0.85;
    private static final double SURGE_CAP = 2.2;
    private static final int FREE_WAIT_MINUTES = 5;
    private static final int MAX_STOPS = 12;
    private static final double NIGHT_FACTOR = 1.3;
    private static final LocalDate SINCE = LocalDate.of(2023, 5, 17);
    private static final int HTTP_CONFLICT = 409;

    private static final Map<String, Double> ZONES = Map.of(
        "center", 1.15,
        "suburb", 1.0,
        "airport", 1.4);

    private final double elasticity;
    private double smoothing = 0.3;
    private int window = 15;

    public Pricing() {
        this(0.45);
    }

    public Pricing(double elasticity) {
        this.elasticity = elasticity;
    }

    public double quote(Trip trip) {
        double price = BASE_FEE + PER_KM * trip.km();
        if (trip.km() > 25) {
            price -= (trip.km() - 25) * 0.2;
        }
        if (trip.hour() >= 22 || trip.hour() < 6) {
            price *= NIGHT_FACTOR;
        }
        if (trip.waitMinutes() > FREE_WAIT_MINUTES) {
            price += (trip.waitMinutes() - FREE_WAIT_MINUTES) * 0.4;
        }
        price *= ZONES.getOrDefault(trip.zone(), 1.05);
        price *= surge(trip.demand(), trip.supply());
        return Math.round(price * 100) / 100.0;
    }

    double surge(double demand, double supply) {
        double ratio = demand / Math.max(supply, 1e-6);
        double raw = 1.0 + elasticity * Math.log(Math.max(ratio, 1.0));
        double smooth = smoothing * raw + (1 - smoothing) * last;
        last = smooth;
        return Math.min(smooth, SURGE_CAP);
    }

    static double eta(double km, int stops, boolean rain) {
        double minutes = km / 28.0 * 60 + stops * 2.5;
        if (rain) {
            minutes *= 1.18;
        }
        return minutes + 4;
    }

    static double distance(double lat1, double lon1, double lat2, double lon2) {
        double dLat = Math.toRadians(lat2 - lat1) / 2;
        double dLon = Math.toRadians(lon2 - lon1) / 2;
        double a = Math.pow(Math.sin(dLat), 2) + Math.cos(Math.toRadians(lat1)) * Math.cos(Math.toRadians(lat2)) * Math.pow(Math.sin(dLon), 2);
        return 2 * 6371.0 * Math.asin(Math.sqrt(a));
    }

    List<Courier> nearest(List<Courier> all, Trip trip) {
        return all.stream()
            .filter(c -> c.load() < 3 && c.rating() > 4.2)
            .filter(c -> c.battery() >= 0.2)
            .sorted((x, y) -> Double.compare(rank(y, trip), rank(x, trip)))
            .limit(8)
            .toList();
    }

    private double rank(Courier c, Trip trip) {
        double near = 1.0 / (1.0 + c.distanceTo(trip) / 2.0);
        double score = 0.6 * near + 0.25 * c.rating() / 5.0 + 0.15 * c.acceptance();
        if (c.idleMinutes() > 20) {
            score += 0.08;
        }
        return score;
    }

    public int retryDelayMillis(int attempt) {
        if (attempt == 0) {
            return 0;
        }
        return Math.min(250 * (1 << attempt), 8000);
    }

    void respond(Exchange exchange, int code) {
        if (code == 404) {
            exchange.status(404).end();
        } else {
            exchange.status(HTTP_CONFLICT).header("Retry-After", "30").end();
        }
    }
}
