#include "connectors/alerting/breaker.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "engine/base/digest.h"

namespace dolen {

absl::Duration Backoff(uint32_t failed, absl::string_view id) {
  static constexpr absl::Duration kSchedule[] = {
      absl::Seconds(5), absl::Seconds(15), absl::Seconds(30), absl::Minutes(1), absl::Minutes(2),
      absl::Minutes(5), absl::Minutes(10), absl::Minutes(20), absl::Minutes(30)};
  const absl::Duration wait =
      failed == 0 || failed > std::size(kSchedule) ? kLongestBackoff : kSchedule[failed - 1];
  const auto parts = static_cast<int64_t>(Hash64(id, absl::StrCat(failed)) % 1000);
  return wait + wait * parts / 10000;
}

bool Breaker::Succeeded() {
  const bool was_open = open();
  *this = Breaker();
  return was_open;
}

void Breaker::Failed(absl::Time now) {
  if (++failures_ < kFailuresToOpen) return;
  next_ = now + pause_;
  pause_ = std::min(pause_ * 2, kLongestPause);
}

}  // namespace dolen
