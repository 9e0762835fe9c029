// One generated workload for all benchmarks: the shape of a nation's agencies at work, with the
// answer beside it.
//
// Events of about 350 bytes over many children and 20 agencies, in stated time; a quarter of them
// open a matter that should be answered within 24 hours, most are answered, some never: those must
// be told, each once. Some events are sent twice. The same seed gives the same bytes.
#ifndef DOLEN_BENCHMARKS_WORKLOAD_H_
#define DOLEN_BENCHMARKS_WORKLOAD_H_

#include <cstdint>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "dolen/event/v1/event.pb.h"
#include "dolen/ledger/v1/ledger.pb.h"

namespace dolen {

struct WorkloadOptions {
  int64_t events = 2000000;
  int64_t children = 186467;
  int agencies = 20;
  double duplicates = 0.03;
  double starts = 0.2480;    // share of events that open a matter
  double breaches = 0.0944;  // share of those that are never answered
  uint64_t seed = 1;
  absl::Time begin = absl::FromUnixSeconds(1767225600);  // 2026-01-01
  // Stated time between two events: 2 million in 35 days. Answers come sooner with a shorter one,
  // in proportion; how long an answer may take is the rule's and stays.
  absl::Duration step = absl::Milliseconds(1500);
  // Of events and matters that were given before, by another workload: ids go on behind them.
  int64_t given_before = 0;
};

class Workload {
 public:
  explicit Workload(const WorkloadOptions& options);

  struct Item {
    std::string bytes;  // dolen.event.v1.Event
    int agency = 0;     // index into agencies
    absl::Time at;      // stated time
  };
  // False: all were given.
  bool Next(Item& item);

  // Known once all were given: how many clocks were started, and how many of them fell due,
  // unanswered, by the end.
  int64_t clocks() const { return clocks_; }
  int64_t expected_alerts() const;
  absl::Time begin() const { return begin_; }
  absl::Time end() const { return now_; }
  static std::string AgencyName(int agency);
  // The book with the one rule, ready for the ledger.
  static ledger::v1::Record Book(absl::Time written);

 private:
  struct Answer {
    absl::Time at;
    int64_t child, matter;
    int agency;
    bool operator<(const Answer& other) const { return at > other.at; }
  };
  void Fill(event::v1::Kind kind, const std::string& milestone, int64_t child, int64_t matter,
            int agency, Item& item);

  const WorkloadOptions options_;
  std::mt19937_64 random_;
  const absl::Time begin_;
  absl::Time now_;
  int64_t given_ = 0;
  int64_t clocks_ = 0;
  std::priority_queue<Answer> answers_;
  std::vector<absl::Time> breached_;  // due times
  std::vector<Item> recent_;
};

}  // namespace dolen

#endif  // DOLEN_BENCHMARKS_WORKLOAD_H_
