// Who asks: the caller that a request proves to come from.
#ifndef DOLEN_DEPLOY_API_GATE_H_
#define DOLEN_DEPLOY_API_GATE_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/http/http.h"
#include "engine/access/caller.h"

namespace dolen {

class Gate {
 public:
  virtual ~Gate() = default;
  // kUnauthenticated: nobody that is known here; the sentence says nothing of what was sent.
  // kUnavailable: it cannot be told just now. Called by several threads.
  virtual absl::StatusOr<Caller> WhoAsks(const HttpRequest& request, absl::Time now) = 0;
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_GATE_H_
