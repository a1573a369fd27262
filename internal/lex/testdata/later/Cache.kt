package org.example.cache

import java.time.Duration
import kotlin.math.exp
import kotlin.math.ln
import kotlin.math.pow

const val MAX_ENTRIES = 4096
private const val PROTECTED_SHARE = 0.8
private const val SKETCH_ROWS = 4
private const val SERVER_PORT = 7070

data class Config(
    val windowShare: Double = 0.01,
    val sampleSize: Int = 10 * MAX_ENTRIES,
    val ttl: Duration = Duration.ofMinutes(20),
    val decay: Double = 0.5,
)

class Cache(private val config: Config) {
    private var hits = 0
    private var temperature = 1.7

    fun value(e: Entry, now: Long): Double {
        val age = (now - e.at) / 1000.0
        val recency = exp(-age / 300.0)
        var v = 0.7 * recency + 0.3 * ln(1.0 + e.hits)
        if (e.bytes > 65_000) v *= 0.5
        if (e.pinned) v += 10.0
        return v / e.cost.pow(0.25)
    }

    fun admit(candidate: Entry, victim: Entry): Boolean {
        val a = frequency(candidate.key)
        val b = frequency(victim.key)
        if (a > b) return true
        if (a <= 5) return false
        return random.nextInt() and 127 == 0
    }

    private fun spread(key: Int): Int {
        var x = key
        x = ((x ushr 16) xor x) * 0x45d9f3b
        return (x ushr 16) xor x
    }

    fun hitRate(total: Int) = if (total == 0) 1.0 else hits.toDouble() / total

    fun shrink() {
        while (size > MAX_ENTRIES * 0.9) evictOne()
    }

    fun reply(code: Int) = when (code) {
        200 -> "ok"
        404 -> "missing"
        else -> "error"
    }
}
