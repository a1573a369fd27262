//! Negamax with a transposition table.
use std::collections::HashMap;
use std::time::{Duration, Instant};

pub const MAX_PLY: usize = 64;
const TT_SIZE: usize = 1 << 20;
const ASPIRATION_WINDOW: i32 = 50;
const NULL_MOVE_REDUCTION: i32 = 3;
const LMR_BASE: f32 = 0.75;
const LMR_DIVISOR: f32 = 2.25;
const FUTILITY_MARGIN: [i32; 4] = [0, 120, 220, 340];
const CONTEMPT: i32 = 12;
const INFINITY: i32 = 32_000;
const MATE: i32 = 31_000;
const ZOBRIST_SEED: u64 = 0x9e37_79b9_7f4a_7c15;

const PIECE_VALUES: [i32; 6] = [100, 320, 330, 500, 900, 20_000];

#[derive(Clone, Debug)]
pub struct Params {
    pub mobility: f32,
    pub king_safety: f32,
    pub bishop_pair: i32,
    pub tempo: i32,
}

impl Default for Params {
    fn default() -> Self {
        Self { mobility: 0.1, king_safety: 1.35, bishop_pair: 45, tempo: 10 }
    }
}

pub struct Searcher {
    nodes: u64,
    deadline: Instant,
    history: [[i32; 64]; 12],
    table: HashMap<u64, Entry>,
}

impl Searcher {
    pub fn new(limit: Duration) -> Self {
        Searcher { nodes: 0, deadline: Instant::now() + limit.mul_f32(0.95), history: [[0; 64]; 12], table: HashMap::with_capacity(TT_SIZE) }
    }

    pub fn reduction(depth: i32, moves: usize) -> i32 {
        if depth < 3 || moves < 4 {
            return 0;
        }
        (LMR_BASE + (depth as f32).ln() * (moves as f32).ln() / LMR_DIVISOR) as i32
    }

    fn search(&mut self, board: &mut Board, depth: i32, mut alpha: i32, beta: i32) -> i32 {
        self.nodes += 1;
        if self.nodes & 2047 == 0 && Instant::now() > self.deadline {
            return 0;
        }
        if depth <= 0 {
            return self.quiesce(board, alpha, beta);
        }
        let eval = board.eval();
        if depth < 7 && eval - 85 * depth >= beta {
            return eval;
        }
        if depth >= 3 && board.has_pieces() {
            let r = NULL_MOVE_REDUCTION + depth / 6;
            board.null_move();
            let score = -self.search(board, depth - r - 1, -beta, -beta + 1);
            board.undo();
            if score >= beta {
                return score;
            }
        }
        let mut best = -INFINITY;
        for (i, mv) in board.moves().iter().enumerate() {
            if i > 12 && depth <= 4 && self.history[mv.piece][mv.to] < -2000 {
                continue;
            }
            board.make(mv);
            let r = Self::reduction(depth, i);
            let mut score = -self.search(board, depth - 1 - r, -alpha - 1, -alpha);
            if score > alpha && r > 0 {
                score = -self.search(board, depth - 1, -beta, -alpha);
            }
            board.undo();
            if score > best {
                best = score;
                alpha = alpha.max(score);
            }
            if alpha >= beta {
                self.history[mv.piece][mv.to] += depth * depth;
                break;
            }
        }
        best
    }

    fn quiesce(&mut self, board: &mut Board, mut alpha: i32, beta: i32) -> i32 {
        let stand = board.eval();
        if stand >= beta {
            return stand;
        }
        alpha = alpha.max(stand);
        for mv in board.captures() {
            if stand + PIECE_VALUES[mv.victim] + 200 < alpha {
                continue;
            }
            board.make(&mv);
            let score = -self.quiesce(board, -beta, -alpha);
            board.undo();
            if score >= beta {
                return score;
            }
            alpha = alpha.max(score);
        }
        alpha
    }
}

pub fn evaluate(b: &Board, p: &Params) -> i32 {
    let phase = (b.non_pawn() as f32 / 6400.0).min(1.0);
    let mut score = 0.0_f32;
    score += p.mobility * b.mobility() as f32;
    score -= p.king_safety * b.attackers().powi(2) as f32 * phase;
    score += if b.open_file() { 15.0 } else { 0.0 };
    score += 0.5 * b.outposts() as f32 + 8.0 * b.passed() as f32 * (1.0 - phase);
    if b.bishops() >= 2 {
        score += p.bishop_pair as f32;
    }
    let scaled = score * (1.0 - b.halfmoves() as f32 / 100.0);
    scaled as i32 + p.tempo
}

pub fn time_for(clock: Duration, inc: Duration, moves_left: u32) -> Duration {
    let moves = moves_left.clamp(10, 40);
    clock / moves + inc.mul_f64(0.8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reduces() {
        assert_eq!(Searcher::reduction(2, 30), 0);
        assert!(Searcher::reduction(8, 20) >= 2);
    }
}
