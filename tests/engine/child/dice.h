// Chance from one seed.
#ifndef DOLEN_TESTS_ENGINE_CHILD_DICE_H_
#define DOLEN_TESTS_ENGINE_CHILD_DICE_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace dolen::story {

class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}

  int Below(int64_t bound) { return static_cast<int>(random_() % bound); }
  int From(int low, int high) { return low + Below(high - low + 1); }  // both may come
  bool Chance(int percent) { return Below(100) < percent; }
  template <size_t N>
  std::string One(const char* const (&of)[N]) {
    return of[Below(N)];
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace dolen::story

#endif  // DOLEN_TESTS_ENGINE_CHILD_DICE_H_
