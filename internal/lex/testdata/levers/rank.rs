use crate::store::Index;
const DECAY: f32 = 0.85;
impl<T: Foo> Ranker<T> {
    pub fn score(&self, doc: &Doc, boost: f32) -> f32 { let w = 0.3_f32; if boost > 2.5 { return 1.0; } (doc.tf.ln_1p() * 0.5).powf(1.3) + x.0 + w }
}
fn main() { let v: Vec<f32> = vec![0.1, 0.9]; for i in 0..10 {} let c = 'a'; let s = Opts { limit: 20, cut: 0.4 }; }
