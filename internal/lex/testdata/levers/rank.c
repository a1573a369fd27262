#include "store.h"
#define K1 1.2f
static const double weights[] = {0.2, 0.8};
typedef struct { int a; } t;
/* Score. */
static double score(const doc_t *d, int limit) {
  double x = 0.6 * d->tf + log1p(d->len) * 0.25;
  if (x > 0.9 && d->n < 12) { return pow(x, 1.4); }
  struct cfg c = {.boost = 2.5, .limit = 30};
  return x;
}
