// A place where notices go: Alertmanager, a webhook, PagerDuty, mail, the log. Each puts a notice
// into its own form, sends it once and says what came back; whether and when to try again is the
// notifier's to decide.
//
// Threads: one at a time for each destination; Deliver may block up to the destination's timeout.
#ifndef DOLEN_CONNECTORS_ALERTING_DESTINATION_H_
#define DOLEN_CONNECTORS_ALERTING_DESTINATION_H_

#include <string>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "connectors/alerting/notice.h"

namespace dolen {

// What came of one attempt.
struct Delivery {
  enum class Outcome {
    kTaken,     // the destination has it
    kTryLater,  // it does not answer, or asks for patience; the same may be taken later
    kRefused,   // it will never take this
  };
  Outcome outcome = Outcome::kTryLater;
  std::string answer;  // in short, for people: "202 Accepted", "connection refused"
  absl::optional<absl::Duration> try_after;  // with kTryLater: what the destination asked for
  // With kTryLater: all of it was sent, and the answer did not come. What ends it will be sent too.
  bool perhaps_taken = false;
};

class Destination {
 public:
  virtual ~Destination() = default;
  // Sends one notice. A notice that was sent before has the same id.
  virtual Delivery Deliver(const Notice& notice) = 0;

  // Whether it takes several alerts in one notice. Alertmanager does not: it groups by itself.
  virtual bool takes_groups() const { return true; }
  // How often it must be told again of everything that is open, since it forgets;
  // InfiniteDuration: never.
  virtual absl::Duration repeat_every() const { return absl::InfiniteDuration(); }
  // Tells it of all open alerts that are routed to it; also where there are none, since it may tell
  // for a while what has ended. `now`: by the notifier's clock.
  virtual Delivery Repeat(absl::Span<const Notice::Item> open, absl::Time now) {
    (void)open, (void)now;
    return {Delivery::Outcome::kTaken, "", {}, false};
  }
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_DESTINATION_H_
