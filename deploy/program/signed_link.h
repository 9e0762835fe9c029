// Signed links: whoever has one may look at one alert and answer it, until it runs out. It is all
// that a message to people on call needs; nothing personal is in it.
//
// Threads: any. The secret is the installation's own, so that links hold over restarts and on every
// machine that has it.
#ifndef DOLEN_DEPLOY_PROGRAM_SIGNED_LINK_H_
#define DOLEN_DEPLOY_PROGRAM_SIGNED_LINK_H_

#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "connectors/http/http.h"
#include "engine/base/digest.h"
#include "projections/alerts/trail.h"

namespace dolen {

// How long a link holds: whoever was on leave for two weeks finds that it still leads somewhere.
inline constexpr absl::Duration kLinkHolds = absl::Hours(21 * 24);

class SignedLinks {
 public:
  explicit SignedLinks(absl::string_view installation_secret);

  // Path and query: "/alerts/ALERT?child=...&until=...&sign=...".
  std::string To(const AlertName& alert, absl::Time until) const;

  // Which alert a request may see and answer. kPermissionDenied: nobody signed this, or it has run
  // out at `now`; the sentence is the same for all that is wrong but the time.
  absl::StatusOr<AlertName> Check(absl::string_view alert, const HttpRequest& request,
                                  absl::Time now) const;

 private:
  std::string Sign(const AlertName& alert, int64_t until) const;

  mutable std::mutex mutex_;
  KeyedDigest digest_;  // guarded by mutex_
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_SIGNED_LINK_H_
