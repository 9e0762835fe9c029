// How many pages a destination gets in an hour, and when what is beyond is told in a summary. Pure.
#ifndef DOLEN_CONNECTORS_ALERTING_RATE_H_
#define DOLEN_CONNECTORS_ALERTING_RATE_H_

#include <deque>

#include "absl/time/time.h"

namespace dolen {

class Rate {
 public:
  static constexpr int kDefaultMost = 60;
  // Beyond the limit a page waits for no longer than this, and then goes into a summary.
  static constexpr absl::Duration kBetweenSummaries = absl::Minutes(5);

  explicit Rate(int most_in_hour) : most_(most_in_hour > 0 ? most_in_hour : kDefaultMost) {}

  // The earliest instant, maybe past, at which one more page is within the limit.
  absl::Time NextPage() const {
    if (static_cast<int>(pages_.size()) < most_) return absl::InfinitePast();
    return pages_[pages_.size() - most_] + absl::Hours(1);
  }
  absl::Time NextSummary() const { return summary_ + kBetweenSummaries; }
  void Paged(absl::Time now) {
    pages_.push_back(now);
    while (static_cast<int>(pages_.size()) > most_) pages_.pop_front();
  }
  void Summarised(absl::Time now) { summary_ = now; }

  const std::deque<absl::Time>& pages() const { return pages_; }  // the last ones, ascending
  absl::Time summary() const { return summary_; }

 private:
  const int most_;
  std::deque<absl::Time> pages_;
  absl::Time summary_ = absl::InfinitePast();
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_RATE_H_
