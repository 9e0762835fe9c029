// The request target of HTTP/1.1 (RFC 9112 section 3.2): path and query to values and back.
#ifndef DOLEN_CONNECTORS_HTTP_TARGET_H_
#define DOLEN_CONNECTORS_HTTP_TARGET_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "connectors/http/http.h"

namespace dolen {

// Sets path and query of `request`. In the query "+" is a space, as browsers and curl write it, so
// that a plus sign must be sent as %2B. kInvalidArgument, with a sentence fit for the sender (it
// repeats nothing of the target): it is neither /path nor http://host/path, a "%" has no two hex
// digits, the text is not UTF-8 or holds NUL, or a name of the query is given twice.
absl::Status ParseTarget(absl::string_view target, HttpRequest& request);

// The target of path and query; ParseTarget's inverse.
std::string TargetOf(const HttpRequest& request);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_TARGET_H_
