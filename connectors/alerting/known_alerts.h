// The alerts that are open, or that some destination must still be told of, each as it is after its
// last change. Pure.
#ifndef DOLEN_CONNECTORS_ALERTING_KNOWN_ALERTS_H_
#define DOLEN_CONNECTORS_ALERTING_KNOWN_ALERTS_H_

#include <cstdint>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "dolen/alert/v1/alert.pb.h"

namespace dolen {

class KnownAlerts {
 public:
  struct Known {
    alert::v1::Alert alert;  // number 0: held, but not read yet
    int32_t partition = 0;   // of the alerts topic
    int held = 0;            // by legs and notices
  };
  enum class News {
    kOld,     // a later change, or the same, is known
    kNext,    // the next change of its alert
    kMissed,  // there were others between
  };

  News Take(int32_t partition, const alert::v1::Alert& alert);
  // nullptr: over and held by nobody, or never read.
  const Known* Find(absl::string_view alert_id) const;
  // While an alert is held it stays, though it be over. It may be held before it is read.
  void Hold(const std::string& alert_id, int32_t partition) {
    Known& known = alerts_[alert_id];
    known.partition = partition;
    ++known.held;
  }
  void Release(const std::string& alert_id);
  // Forgets the alert if it is over and not held.
  void Tidy(const std::string& alert_id);

  const absl::btree_map<std::string, Known>& all() const { return alerts_; }

 private:
  absl::btree_map<std::string, Known> alerts_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_KNOWN_ALERTS_H_
