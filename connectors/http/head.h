// What the server sends before a body: the status line and the headers.
#ifndef DOLEN_CONNECTORS_HTTP_HEAD_H_
#define DOLEN_CONNECTORS_HTTP_HEAD_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "connectors/http/http.h"

namespace dolen {

// A token of RFC 9110 section 5.6.2: what a method or the name of a header is made of.
bool IsToken(absl::string_view text);

// kInvalidArgument: no such header can be sent.
absl::Status CheckField(absl::string_view name, absl::string_view value);

// How an answer's body is told from what follows.
enum class Framing { kNone, kLength, kChunked, kToTheEnd };

// Status line and headers of an answer, to the empty line. kInvalidArgument: the status, or a
// header's name or value is none, or the handler set one that is the server's to set
// ("content-length", "transfer-encoding", "connection", "date").
absl::StatusOr<std::string> HeadOf(const HttpResponse& response, Framing framing, bool keep_alive);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_HEAD_H_
