// Words for tests of the second model: what is told and when, books, and a timeline to which they
// are told. In London; "2026-01-05 09:00" is an instant, "2026-01-05" a day.
#ifndef DOLEN_TESTS_ENGINE_CHILD_NAIVE_TOLD_H_
#define DOLEN_TESTS_ENGINE_CHILD_NAIVE_TOLD_H_

#include <map>
#include <string>
#include <vector>

#include "tests/engine/child/naive/alerts.h"

namespace dolen::second {

// Of a day its 00:00.
absl::Time At(const std::string& text);
// "2026-01-05 09:00"; "never".
std::string TimeText(absl::Time t);

// One event of the agency "council" about the child's standing matter, unless told otherwise;
// `what` is a kind's name or a milestone's. The ledger gets it at once, or at 09:00 of its day.
struct Told {
  Told(const std::string& what, const std::string& occurred);
  Told& Recorded(const std::string& when);
  Told& By(const std::string& agency);
  Told& In(const std::string& matter);  // the matter that "gp" names so
  Told& To(const std::string& agency);
  Told& After(const std::string& matter);  // continues it
  Told& Until(const std::string& when);
  Told& Reason(const std::string& code);
  Told& Owner(const std::string& code);
  Told& Role(const std::string& code);
  Told& Occasion(const std::string& id);
  Told& Born(const std::string& month);
  Told& Code(const std::string& field, const std::string& code);
  Told& States(const std::string& field, const std::string& when);

  event::v1::Open open;
  absl::Time recorded;
};
// Says that `what` of one time was at another; empty: never.
Told Correct(const std::string& what, const std::string& was, const std::string& is,
             const std::string& recorded);

// The agencies "council", "school", "gp" in Wales and "scots" in Scotland, the shipped calendars of
// the four nations, and what `text` adds.
Library BookOf(const std::string& text);
// With the level "overdue", and the council accountable unless `fields` say otherwise.
std::string RuleOf(const std::string& id, const std::string& fields);

// Tells a story in order of record, with a tick every hour, after what is heard at that instant.
class Timeline {
 public:
  Timeline(const std::string& book, std::vector<Told> told, const std::string& until);

  // "R 2025-12-31", with the time where it is neither 00:00 nor 09:00; with several levels "R
  // overdue 2025-12-31".
  std::vector<std::string> alerts;

  // Of the clocks in order of rule, key and start:
  size_t clocks() const { return clocks_.size(); }
  const Clock& clock(size_t i) const { return clocks_.at(i); }
  std::string Name(size_t i = 0) const;
  std::string State(size_t i = 0) const { return StateAt(clocks_.at(i), reached_); }
  std::string StateOn(const std::string& when, size_t i = 0) const;
  std::string Last(size_t i = 0) const;  // last day in time
  std::string Due(size_t i = 0) const { return TimeText(clocks_.at(i).due); }
  std::string Breached(size_t i = 0) const;
  std::map<std::string, absl::Duration> Shares(size_t i = 0) const;

 private:
  void Look(Alerts& model, absl::Time t, bool is_tick);

  const Library library_;
  const absl::Time reached_;
  std::vector<Said> said_;
  std::vector<Clock> clocks_;
};

}  // namespace dolen::second

#endif  // DOLEN_TESTS_ENGINE_CHILD_NAIVE_TOLD_H_
