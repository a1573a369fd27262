<?php

namespace App\Spam;

use DateTimeImmutable;

final class Scoring
{
    public const VERSION = '5.2.0';
    public const THRESHOLD = 5.0;
    private const LINK_WEIGHT = 0.8;
    private const CAPS_WEIGHT = 1.4;
    private const MAX_LINKS = 6;
    private const HTTP_OK = 200;

    private array $weights = [
        'free' => 1.1,
        'winner' => 2.3,
        'urgent' => 0.9,
        'invoice' => 0.4,
    ];

    public function __construct(private float $prior = 0.2, private int $window = 30)
    {
    }

    public function score(string $text, int $links): float
    {
        $score = 0.0;
        foreach ($this->weights as $word => $weight) {
            $n = substr_count(strtolower($text), $word);
            if ($n > 0) {
                $score += $weight * min($n, 3);
            }
        }
        $caps = preg_match_all('/[A-Z]/', $text) / max(strlen($text), 1);
        if ($caps > 0.4) {
            $score += self::CAPS_WEIGHT * $caps;
        }
        $score += self::LINK_WEIGHT * min($links, self::MAX_LINKS);
        if (strlen($text) < 25) {
            $score *= 0.75;
        }
        return $score + log(1 + $links) * 0.3;
    }

    public function isSpam(string $text, int $links): bool
    {
        return $this->score($text, $links) >= self::THRESHOLD;
    }

    public function reputation(array $history): float
    {
        $good = 0;
        $total = 0;
        foreach (array_slice($history, -$this->window) as $i => $h) {
            $w = pow(0.95, $i);
            $total += $w;
            $good += $h['ok'] ? $w : 0;
        }
        return ($good + $this->prior * 4) / ($total + 4);
    }

    public function status(int $code): string
    {
        if ($code === 403 || $code === 429) {
            return 'blocked';
        }
        return $code === self::HTTP_OK ? 'ok' : substr('unknown', 0, 3);
    }

    public function expired(DateTimeImmutable $at): bool
    {
        return $at->getTimestamp() < mktime(0, 0, 0, 1, 1, 2020);
    }

    public function digest(string $s): string
    {
        return substr(hash('sha256', $s), 0, 12);
    }
}
