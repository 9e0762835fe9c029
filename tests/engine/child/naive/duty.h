// One version of a rule over the entries of one key: which of them fit a pattern, and which clocks
// they start and close.
#ifndef DOLEN_TESTS_ENGINE_CHILD_NAIVE_DUTY_H_
#define DOLEN_TESTS_ENGINE_CHILD_NAIVE_DUTY_H_

#include <optional>
#include <string>
#include <vector>

#include "tests/engine/child/naive/due.h"
#include "tests/engine/child/naive/history.h"

namespace dolen::second {

// The whole child, as one version of a rule sees it.
struct Sight {
  const std::vector<Entry>& all;  // events, in order
  const Threads& threads;
  const Library& library;

  Seen Before(const Entry& entry) const;  // what is earlier in the order
  Seen UpTo(const Entry& entry) const;    // and the entry itself, if it is an event
  Seen By(absl::Time t) const;            // what had happened at `t`
};

// Of each part of a key its text; empty: the event lacks that field, and counts for all.
using Key = std::vector<std::optional<std::string>>;
Key KeyOf(const Entry& entry, const pathway::v1::Rule& rule, const Threads& threads);
// Whether an event of `key` counts for `whole`.
bool Agrees(const Key& key, const Key& whole);
std::string KeyText(const Key& whole);

enum class ClosedBy { kNothing, kStop, kCancel, kVoided };

// A clock as the entries start and close it.
struct Found {
  std::vector<size_t> parts;  // the entries that start it
  size_t event = 0;           // of these the start event
  Span start, close;
  ClosedBy closed_by = ClosedBy::kNothing;
  size_t closer = 0;                           // the entry that closed it
  absl::Time recorded = absl::InfinitePast();  // when all that closed it was
  std::string root;  // of its identity; empty: there is but one, or it is the first
};

class Duty {
 public:
  // `entries`: all that count for the key.
  Duty(const Version& version, const Sight& sight, std::vector<Entry> entries);

  const Version& version() const { return version_; }
  const pathway::v1::Rule& rule() const { return version_.rule; }
  const Sight& sight() const { return sight_; }
  const std::vector<Entry>& entries() const { return entries_; }

  bool Fits(const pathway::v1::Pattern& pattern, size_t i) const;
  // As a limit's `when` does: no kind fits every event.
  bool FitsWhen(const pathway::v1::Pattern& pattern, size_t i) const;
  // Whether it fits any pattern of the rule at all.
  bool Means(size_t i) const;
  std::vector<Found> Find() const;
  Subject SubjectOf(const Found& found) const;
  std::vector<Hold> HoldsOf() const;
  // All that Due() needs, except `inside`.
  Question QuestionOf(const Found& found) const;

 private:
  bool FitsOne(const pathway::v1::Pattern& pattern, size_t i, bool any_kind) const;
  bool Came(const pathway::v1::Pattern& pattern, size_t i) const;
  bool IsLongAgo(const pathway::v1::Amount& ago, const Entry& then, const Entry& now) const;
  bool FitsTest(const pathway::v1::Test& test, const Entry& entry) const;
  std::optional<std::string> Derived(const std::string& field, const Entry& entry) const;

  bool IsStart(size_t i) const;
  std::optional<size_t> FirstMatch(const pathway::v1::Pattern& pattern, absl::Time after) const;
  std::optional<Found> StartAfter(absl::Time after) const;
  void SetStart(std::vector<size_t> parts, Found& found) const;
  bool Counts(size_t i, const Found& found) const;
  void Close(Found& found) const;
  void MoveToLast(Found& found) const;
  std::vector<Basis> BasesOf(const google::protobuf::RepeatedPtrField<pathway::v1::Limit>& limits,
                             const Found& found) const;

  const Version& version_;
  const Sight& sight_;
  std::vector<Entry> entries_;
};

}  // namespace dolen::second

#endif  // DOLEN_TESTS_ENGINE_CHILD_NAIVE_DUTY_H_
