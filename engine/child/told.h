// What was said to people about one child, and what they said to it. Pure.
#ifndef DOLEN_ENGINE_CHILD_TOLD_H_
#define DOLEN_ENGINE_CHILD_TOLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/base/ids.h"
#include "engine/pathway/books.h"

namespace dolen {

// What was said about one level of one clock.
struct Told {
  std::string clock;  // ClockName
  std::string level;
  std::string rule;
  int version = 0;  // of the rule, when last told; -1: the books here have no such version
  std::string matter_agency;
  std::string matter_id;
  std::string accountable;
  alert::v1::State state = alert::v1::STATE_UNSPECIFIED;  // what was last said
  uint32_t number = 0;                                    // of changes so far
  absl::Time due;               // as last said; of a level of the target, the target
  absl::Time since;             // when the level became true, as last said
  std::vector<std::string> to;  // whom it is for: "AGENCY", "AGENCY/TEAM", or a party
  std::string household;        // hash of the family's name; empty: none is known
  // What a person said to it. It holds while the alert is open, from `answered` until just before
  // `until`.
  alert::v1::Answer::Kind answer = alert::v1::Answer::KIND_UNSPECIFIED;
  absl::Time answered = absl::InfinitePast();
  absl::Time until = absl::InfinitePast();
  std::string assigned_to;  // "AGENCY" or "AGENCY/TEAM", by a person; empty: to nobody

  bool IsOpen() const {
    return state != alert::v1::STATE_CLEARED && state != alert::v1::STATE_WITHDRAWN;
  }
  // A person said something to it that nothing has ended yet; it may have run out.
  bool IsAnswered() const { return IsOpen() && answer != alert::v1::Answer::KIND_UNSPECIFIED; }
  void ForgetAnswer() { answer = alert::v1::Answer::KIND_UNSPECIFIED; }
  friend bool operator==(const Told&, const Told&) = default;
};

// Of one child; in the order of Before. Nothing is ever deleted from it.
using Alerts = std::vector<Told>;

// By clock, then level.
bool Before(const Told& a, const Told& b);

// What was said of one level of a clock; nullptr where nothing was.
Told* FindTold(Alerts& alerts, absl::string_view clock, absl::string_view level);
const Told* FindTold(const Alerts& alerts, absl::string_view clock, absl::string_view level);

// Until when what people said to alerts of this clock holds; InfinitePast: nobody said anything.
absl::Time AnsweredUntil(const Alerts& alerts, absl::string_view clock);

// The whole alert as it was last told, without the shard's own numbers and without `at`.
alert::v1::Alert AlertOf(const ChildKey& child, const Told& told, const Books& books);

// The version of the rule that it was last told by; nullptr: the books here have none.
const RuleVersion* VersionOf(const Told& told, const Books& books);
// The level in that version; nullptr: it has none of this name.
const pathway::v1::Level* LevelOf(const Told& told, const Books& books);

// What is said when this level becomes true: raised, or escalated.
alert::v1::State RaisedStateOf(const Told& told, const Books& books);
// A level after due: it is not raised but escalated. A level of the target never is: it is about
// what is wished.
bool IsEscalation(const pathway::v1::Level& level);

// The id of an alert: a hash of child, clock and level.
std::string AlertId(const ChildKey& child, absl::string_view clock, absl::string_view level);

// Alerts of brothers and sisters share it; what agencies call the family is not in it.
std::string HouseholdOf(absl::string_view family);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_TOLD_H_
