// What holds a clock, and how much of it is charged: the days that end in a pause, or the time that
// passes in it, as far as the caps allow. Pure. rules.md, "Pause".
#ifndef DOLEN_ENGINE_CHILD_PAUSE_H_
#define DOLEN_ENGINE_CHILD_PAUSE_H_

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/calendar/zone.h"

namespace dolen {

// One pause: from its begin until its end, within the clock's life.
struct Pause {
  absl::Time from;
  absl::Time to = absl::InfiniteFuture();  // not ended yet
  int clause = 0;                          // of the rule
  std::string owner;                       // whose minutes, perhaps a party; empty: nobody says
  friend bool operator==(const Pause&, const Pause&) = default;
};

// Some time that one pause answers for.
struct Held {
  absl::Time from;
  absl::Time to;
  int pause = 0;  // index
};

// Charges pauses to a clock, in the order of time. Pauses are in order of begin.
class PauseMeter {
 public:
  PauseMeter(const pathway::v1::Rule& rule, absl::Span<const Pause> pauses, const Zone& zone);

  bool empty() const { return pauses_.empty(); }
  // Whether `day` ends in a pause with cap left; then one day of it is used up. Days must ascend.
  bool Charge(absl::CivilDay day);
  // Whether the last day charged, and so every later one, ends in a pause that no cap and no end
  // limits; then it is charged for ever.
  bool ChargesForEver();
  // The instant at which `amount` of unpaused time has passed since `base`; nullopt: a pause
  // without end and cap stands before it.
  absl::optional<absl::Time> Pass(absl::Time base, absl::Duration amount);

  // What was charged so far.
  const std::vector<Held>& charged() const { return charged_; }
  // When the clock really stood: each pause until its end, or until its cap was used up.
  std::vector<Held> Standing() const;

 private:
  struct Cap {
    bool limited = false;
    int64_t days = 0;  // left
    absl::Duration time;
    absl::Time spent = absl::InfiniteFuture();  // when it was used up
  };

  bool HasTime(int clause) const;
  bool HasDays(int clause) const;

  absl::Span<const Pause> pauses_;
  const Zone* zone_;
  std::vector<Cap> caps_;  // by clause
  std::vector<Held> charged_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_PAUSE_H_
