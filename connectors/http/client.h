// How the program's verbs talk to a running `dolen serve`, through the socket in its data folder.
#ifndef DOLEN_CONNECTORS_HTTP_CLIENT_H_
#define DOLEN_CONNECTORS_HTTP_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/http/http.h"

namespace dolen {

// Largest body of an answer that is taken: everything about the longest child (50,000 events) is
// some 30 MiB; beyond this the answer is not ours.
inline constexpr size_t kMaxResponseBytes = 256 * 1024 * 1024;

// A connection that is made when it is needed and kept for the next call. For one thread at a time.
class HttpClient {
 public:
  explicit HttpClient(std::string socket_path);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Any answer is OK here, an error status too. kUnavailable: nobody listens, with a sentence that
  // helps; or the other side ended before it answered (then whether it did what was asked is not
  // known, and the status says so; GET, HEAD, PUT and DELETE on a kept connection are tried again
  // first). kDeadlineExceeded: no answer within `timeout`, everything included. kPermissionDenied:
  // another user's socket. kInvalidArgument: no such request can be sent. kDataLoss: the answer is
  // not HTTP or too large.
  absl::StatusOr<HttpResponse> Call(const HttpRequest& request, absl::Duration timeout);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One call on a connection of its own.
absl::StatusOr<HttpResponse> HttpCall(const std::string& socket_path, const HttpRequest& request,
                                      absl::Duration timeout);

// Whether a process listens on this socket; it need not be one that answers.
bool SomebodyListens(const std::string& socket_path);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_CLIENT_H_
