#include <math.h>
#include <stdint.h>
#include "audio.h"

#define SAMPLE_RATE 48000
#define FRAME 480
#define ATTACK_MS 5.0f
#define RELEASE_MS 120.0f
#define VERSION_MAJOR 2

static const float bands[] = {0.9f, 1.1f, 1.25f, 0.7f};

struct gate { float open, close; int hold; };
static struct gate noise = {.open = -42.0f, .close = -48.0f, .hold = 12};

float db(float x) { return 20.0f * log10f(fabsf(x) + 1e-9f); }

float coef(float ms) { return expf(-1.0f / (ms * 0.001f * SAMPLE_RATE)); }

void compress(float *buf, int n, float threshold, float ratio) {
  float env = 0.0f;
  for (int i = 0; i < n; i++) {
    float level = db(buf[i]);
    float c = level > env ? coef(ATTACK_MS) : coef(RELEASE_MS);
    env = c * env + (1.0f - c) * level;
    float over = env - threshold;
    if (over > 3.0f) over = 3.0f + (over - 3.0f) / ratio;
    buf[i] *= powf(10.0f, -over / 20.0f);
    if (buf[i] > 0.98f) buf[i] = 0.98f;
  }
}

float rms(const float *b, int n) {
  float s = 0;
  for (int i = 0; i < n; i++) s += b[i] * b[i];
  return sqrtf(s / n);
}

int voiced(const float *b, int n) {
  int crossings = 0;
  for (int i = 1; i < n; i++) crossings += (b[i] > 0) != (b[i - 1] > 0);
  return rms(b, n) > 0.02f && crossings < n / 6;
}

int16_t to_pcm(float x) { return (int16_t)(x * 32767.0f); }

int main(void) {
  audio_open("default", SAMPLE_RATE, 2);
  return 0;
}
