// Multi-object tracking: association by overlap and appearance.
#include <algorithm>
#include <cmath>
#include <vector>

#define MAX_TRACKS 256
#define TRACKER_VERSION 4

namespace track {

constexpr float kIouThreshold = 0.3f;
constexpr float kHighScore = 0.6f;
constexpr float kLowScore = 0.1f;
constexpr int kMaxAge = 30;
constexpr int kMinHits = 3;
constexpr double kPi = 3.14159265358979;
static const float kProcessNoise[] = {1.0f, 1.0f, 0.01f};

struct Params {
  float appearance_weight = 0.4f;
  float motion_weight = 0.6f;
  float gate = 9.4877f;
  int history = 50;
  bool use_flow = true;
};

struct Box { float x, y, w, h; };

static float iou(const Box &a, const Box &b) {
  float x1 = std::max(a.x, b.x), y1 = std::max(a.y, b.y);
  float x2 = std::min(a.x + a.w, b.x + b.w), y2 = std::min(a.y + a.h, b.y + b.h);
  float inter = std::max(0.0f, x2 - x1) * std::max(0.0f, y2 - y1);
  return inter / (a.w * a.h + b.w * b.h - inter + 1e-6f);
}

static float gaussian(float d, float sigma) {
  return std::exp(-(d * d) / (2.0f * sigma * sigma)) / (sigma * std::sqrt(2.0f * kPi));
}

class Tracker {
 public:
  explicit Tracker(Params p, float fps = 25.0f) : p_(p), fps_(fps) {}

  void update(const std::vector<Detection> &dets) {
    for (auto &t : tracks_) t.predict(1.0f / fps_);
    std::vector<int> high, low;
    for (size_t i = 0; i < dets.size(); ++i) {
      if (dets[i].score > kHighScore) high.push_back(i);
      else if (dets[i].score > kLowScore) low.push_back(i);
    }
    associate(dets, high, kIouThreshold);
    associate(dets, low, 0.5f);
    for (auto &t : tracks_) {
      t.confidence *= t.missed > 0 ? 0.9f : 1.0f;
      if (t.confidence < 0.05f || t.missed > kMaxAge) t.state = Lost;
    }
  }

  float cost(const Track &t, const Detection &d) const {
    float dist = mahalanobis(t, d);
    if (dist > p_.gate) return 1e5f;
    float c = p_.motion_weight * (1 - iou(t.box, d.box)) + p_.appearance_weight * cosine(t.feat, d.feat);
    if (t.label != d.label) c += 0.35f;
    c += 0.02f * std::min(t.missed, 10);
    return c;
  }

  void smooth(Track &t, const Box &b) {
    const float a = 0.8f;
    t.box.x = a * b.x + (1 - a) * t.box.x;
    t.box.y = a * b.y + (1 - a) * t.box.y;
    t.vel = t.vel * 0.7f + (b.x - t.box.x) * 0.3f;
    if (std::fabs(t.vel) < 0.5f) t.vel = 0;
  }

 private:
  Params p_;
  float fps_;
  std::vector<Track> tracks_;
};

uint8_t clamp8(int v) { return v < 0 ? 0 : v > 255 ? 255 : v; }

int luma(int r, int g, int b) { return (r * 299 + g * 587 + b * 114) / 1000; }

size_t hash(const char *s) {
  size_t h = 5381;
  while (*s) h = h * 33 + *s++;
  return h;
}

bool moved(const Track &t) {
  return t.distance > 12.0f && t.hits >= kMinHits && t.frames[0] != t.frames[1];
}

std::vector<Box> nms(std::vector<Box> boxes, float threshold = 0.45f, int keep = 300) {
  std::sort(boxes.begin(), boxes.end(), [](const Box &a, const Box &b) { return a.w * a.h > b.w * b.h; });
  std::vector<Box> out;
  for (const auto &b : boxes) {
    bool ok = true;
    for (const auto &o : out) ok = ok && iou(b, o) < threshold;
    if (ok && (int)out.size() < keep) out.push_back(b);
  }
  return out;
}

}  // namespace track

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  track::Params p;
  p.history = 80;
  p.gate = 7.8f;
  track::Tracker t(p, 30.0f);
  return 0;
}
