#include "engine/pathway/about.h"

#include <algorithm>

#include "engine/pathway/amount.h"

namespace dolen {
namespace {

using pathway::v1::Limit;
using pathway::v1::Pattern;

// Whether the pattern or one of its alternatives is such.
template <typename Test>
bool Any(const Pattern& pattern, const Test& test) {
  return test(pattern) || std::any_of(pattern.or_().begin(), pattern.or_().end(),
                                      [&](const Pattern& other) { return Any(other, test); });
}

template <typename Patterns, typename Test>
bool AnyOf(const Patterns& patterns, const Test& test) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Pattern& pattern) { return Any(pattern, test); });
}

bool LeavesNoTime(const Limit& limit) {
  return limit.from().has_event() && limit.has_allow() && NumberOf(limit.allow()) == 0;
}

}  // namespace

alert::v1::About AboutOf(const pathway::v1::Rule& rule) {
  const auto holding = [](Pattern::Holding becomes) {
    return [becomes](const Pattern& pattern) { return pattern.holding() == becomes; };
  };
  const auto is = [](absl::string_view name) {
    return [name](const Pattern& pattern) { return pattern.is() == name; };
  };
  if (AnyOf(rule.start(), holding(Pattern::UNHELD))) return alert::v1::ABOUT_GAP;
  if (AnyOf(rule.start(), holding(Pattern::HELD_BY_TWO))) return alert::v1::ABOUT_OVERLAP;
  if (AnyOf(rule.start(), is(kAgencyHeard))) return alert::v1::ABOUT_SILENCE;
  if (AnyOf(rule.start(), is("handover_offered")) && AnyOf(rule.stop(), is("handover_accepted"))) {
    return alert::v1::ABOUT_HANDOVER;
  }
  if (std::any_of(rule.limit().begin(), rule.limit().end(), LeavesNoTime)) {
    return alert::v1::ABOUT_MISSING_STEP;
  }
  return alert::v1::ABOUT_DEADLINE;
}

}  // namespace dolen
