// Breaking the glass: for an hour one person may read what is known of one child without their
// agency's need to know, but for what is sealed. Whoever does so is on record, and the guardian of
// the installation is told.
// Threads: any.
#ifndef DOLEN_DEPLOY_API_EMERGENCIES_H_
#define DOLEN_DEPLOY_API_EMERGENCIES_H_

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "engine/access/caller.h"
#include "engine/base/ids.h"

namespace dolen {

inline constexpr absl::Duration kEmergencyHolds = absl::Minutes(60);
// More in an hour by one person is no emergency but a search.
inline constexpr int kMostEmergencies = 10;

class Emergencies {
 public:
  // Counts an attempt. kResourceExhausted: too many by this person within the hour.
  absl::Status Attempt(const Caller& caller, absl::Time now);
  // Until when it holds.
  absl::Time Grant(const Caller& caller, const ChildKey& child, absl::Time now);
  // None: there is none that holds.
  absl::optional<absl::Time> Until(const Caller& caller, const ChildKey& child,
                                   absl::Time now) const;
  // Takes up one from the record, after a restart.
  void Restore(const std::string& subject, const std::string& agency, const ChildKey& child,
               absl::Time granted);

 private:
  using Who = std::pair<std::string, std::string>;  // subject, agency

  mutable std::mutex mutex_;
  std::map<std::pair<Who, ChildKey>, absl::Time> until_;  // guarded by mutex_
  std::map<Who, std::vector<absl::Time>> attempts_;       // likewise
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_EMERGENCIES_H_
