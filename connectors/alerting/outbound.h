// How messages leave: HTTP and SMTP through libcurl, which outbound.cc alone includes.
//
// Each call is one attempt on a connection of its own and blocks for `timeout` at most (a second
// more where a mail server does not say goodbye). TLS is 1.2 or later and always verified; no
// redirect is followed; a proxy of the environment is used, but never for loopback. Thread-safe.
//
// Answers are for people: what the other side said, in short and in printable ASCII.
#ifndef DOLEN_CONNECTORS_ALERTING_OUTBOUND_H_
#define DOLEN_CONNECTORS_ALERTING_OUTBOUND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/alerting/destination.h"

namespace dolen {

// Of an answer's body so much is read: enough for any error message.
inline constexpr size_t kMostOfAnAnswer = 64 * 1024;
// Of each thing that the other side said so much goes into an answer.
inline constexpr size_t kLongestAnswer = 200;
// A destination that asks for more patience is asked again after this: a page must not wait a day
// because of a wrong header.
inline constexpr absl::Duration kLongestPatience = absl::Hours(1);

// A server, and how it is reached.
struct Endpoint {
  std::string url;
  std::string ca_file;      // certificate authorities to trust; empty: the system's
  std::string credentials;  // "user:password"; empty: none
  absl::Duration timeout = absl::Seconds(15);
};

// With what is left of the timeout until `end`, for who needs several attempts.
Endpoint Until(absl::Time end, Endpoint endpoint);

struct HttpAnswer {
  Delivery delivery;
  int status = 0;    // 0: there was no whole answer
  std::string body;  // its first kMostOfAnAnswer bytes
};

// https, or http to loopback ("localhost", 127.0.0.0/8, ::1); nothing secret in it. The error says
// what is wrong with it.
absl::Status CheckHttpUrl(const std::string& url);

// POSTs once. `headers` are "Name: value" without line breaks.
// Taken: 2xx. Try later: 408, 425, 429, 5xx, and whatever kept a whole answer from coming in time.
// Refused: everything else, redirects too, since the same will be answered again.
// Perhaps taken: all of the body was sent, and no whole answer came.
HttpAnswer Post(const Endpoint& to, const std::vector<std::string>& headers,
                const std::string& body);

// GETs once. The body of a 200. kUnavailable: anything else, and a body of more than
// kMostOfAnAnswer; the sentence is for people.
absl::StatusOr<std::string> Get(const Endpoint& from);

// "smtp://HOST:PORT" or "smtps://HOST:PORT"; without TLS on loopback only.
absl::Status CheckMailServer(const std::string& url, bool without_tls);

struct Envelope {
  std::string from;
  std::vector<std::string> to;
};

// Gives one mail to a server. smtp:// needs STARTTLS unless `without_tls`.
// Taken: at least one receiver was, and no other may be later. Try later: a 4xx, or the network.
// Refused: a 5xx, or no STARTTLS. Perhaps taken: all of it was sent and not answered, or some of
// the receivers have it. `answer` holds the server's own lines.
Delivery SendMail(const Endpoint& server, bool without_tls, const Envelope& envelope,
                  const std::string& message);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_OUTBOUND_H_
