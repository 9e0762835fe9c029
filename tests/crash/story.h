// What agencies say in the crash tests, and what must be true after it: made by a plain generator
// that knows nothing of the engine.
#ifndef DOLEN_TESTS_CRASH_STORY_H_
#define DOLEN_TESTS_CRASH_STORY_H_

#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "dolen/event/v1/event.pb.h"
#include "dolen/ledger/v1/delivery.pb.h"

namespace dolen {

inline constexpr char kIssuer[] = "crash_register";

// A milestone of a child's matter, ready to be sent.
event::v1::Event MadeEvent(const std::string& agency, const std::string& id,
                           const std::string& child, const std::string& matter,
                           const std::string& milestone, absl::Time occurred);

// How a matter goes. The rule is the book's of program.h: two hours, due_soon one hour before.
enum class Plan {
  kNeverSeen,  // no stop, due long ago: overdue is raised once and stays
  kDueSoon,    // no stop, due in half an hour or more: due_soon is raised once and stays
  kInTime,     // if overdue was raised before the stop was known, it is withdrawn
  kLate,       // if overdue was raised before the stop was known, it is cleared
};

struct MatterTruth {
  Plan plan = Plan::kNeverSeen;
  std::string child;
  absl::Time start;
};

struct EventTruth {
  std::string child;
  std::string open, private_part;  // their bytes
};

struct Truth {
  std::map<std::string, EventTruth> events;    // by "agency/id"
  std::map<std::string, MatterTruth> matters;  // by "agency:id"
  std::set<std::string> conflicts;             // open parts sent under the id of another event
  std::set<std::string> bad;                   // values that cannot be admitted
  int64_t duplicates = 0;                      // values sent again on purpose
  void Add(const Truth& other);
};

// What one agency sends. The order of batches must be kept; a batch may be sent several times.
class Story {
 public:
  Story(std::string agency, uint64_t seed) : agency_(std::move(agency)), random_(seed) {}

  // Some twenty values.
  ledger::v1::Delivery NextBatch();
  // What earlier batches have left open; the last batch.
  ledger::v1::Delivery LastBatch();
  // What is true once everything made so far has arrived.
  const Truth& truth() const { return truth_; }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  void AddMatter(ledger::v1::Delivery& batch);
  void AddDisturbance(ledger::v1::Delivery& batch);
  // Counts as news for the truth.
  std::string News(const event::v1::Event& event);
  void Send(const std::string& value, ledger::v1::Delivery& batch);

  const std::string agency_;
  std::mt19937_64 random_;
  int64_t next_id_ = 0, next_matter_ = 0;
  std::vector<std::string> delivered_;  // news of earlier batches, to be repeated or contradicted
  std::vector<std::string> fresh_;      // news of this batch
  std::deque<std::string> later_;       // for later batches
  Truth truth_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_CRASH_STORY_H_
