#include "projections/figures/small_numbers.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"

namespace dolen {
namespace {

int64_t ToNearest5(int64_t number) { return (number + 2) / 5 * 5; }

// 1234 is 1200, and 87 stays.
int64_t ToTwoDigits(int64_t number) {
  int64_t unit = 1;
  while (number / unit >= 100) unit *= 10;
  return (number + unit / 2) / unit * unit;
}

bool IsHidden(int64_t children, bool masked) { return masked && children < kFewChildren; }

}  // namespace

Mask::Mask(absl::string_view secret) : digest_(secret) { DOLEN_CHECK(!secret.empty()); }

int64_t Mask::WeightOf(const ChildKey& child) const {
  // Two tosses of a coin. The prefix keeps them apart from what else the secret is used for.
  const auto tosses =
      static_cast<uint8_t>(digest_.Of(absl::StrCat("small numbers\n", child.bytes()))[0]);
  return (tosses & 1) + (tosses >> 1 & 1);
}

int64_t WeightOf(const ChildKey& child, const Mask* mask) {
  return mask == nullptr ? 1 : mask->WeightOf(child);
}

Shown ShownCount(int64_t count, bool masked) {
  if (!masked || count == 0) return {Shown::kNumber, count};
  if (count < kFewChildren) return {Shown::kFew, 0};
  return {Shown::kNumber, ToNearest5(count)};
}

Shown ShownPercent(double part, double of, int64_t children, bool masked) {
  if (of <= 0 || IsHidden(children, masked)) return {};
  const auto percent = static_cast<int64_t>(std::lround(100 * part / of));
  return {Shown::kNumber, masked ? ToNearest5(percent) : percent};
}

Shown ShownMean(double sum, int64_t of, int64_t children, bool masked) {
  if (of <= 0 || IsHidden(children, masked)) return {};
  const auto mean = static_cast<int64_t>(std::llround(sum / static_cast<double>(of)));
  return {Shown::kNumber, masked ? ToTwoDigits(mean) : mean};
}

Shown ShownSum(int64_t sum, bool masked) { return masked ? Shown() : Shown{Shown::kNumber, sum}; }

}  // namespace dolen
