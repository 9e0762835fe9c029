// An HTTP request and its answer as plain values, the same for server and client. The room's HTTP
// library (Boost.Beast) is seen in no header but boost.h, which is the room's own.
#ifndef DOLEN_CONNECTORS_HTTP_HTTP_H_
#define DOLEN_CONNECTORS_HTTP_HTTP_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace dolen {

class EventStream;  // stream.h

// What a client's certificate says, which the server found good when the connection began.
struct ClientCertificate {
  // SHA-256 over its DER, base64url without padding: x5t#S256 of RFC 8705, to which a token's "cnf"
  // is compared.
  std::string thumbprint;
  std::string subject;  // RFC 4514: "CN=publisher,O=Northshire Council"
  // Its subjectAltName: "DNS:...", "URI:...", "email:...", "IP:..."; others are left out.
  std::vector<std::string> names;
  absl::Time until;  // it is of no use from then on, also on a connection that began before
};

// Who is at the other end of a connection, as far as the connection can tell.
struct HttpPeer {
  std::string address;  // "192.0.2.1", "2001:db8::1"; empty: a unix socket
  bool is_encrypted = false;
  absl::optional<ClientCertificate> certificate;
};

struct HttpRequest {
  std::string method = "GET";
  // The decoded segments: "/v1/children" is {"v1", "children"}, "/" is {}. Kept apart, since an
  // identifier may hold a slash. Valid UTF-8 without NUL, as are the names and values of `query`.
  std::vector<std::string> path;
  absl::btree_map<std::string, std::string> query;  // decoded; a name is given once at most
  std::string content_type;                         // empty: none
  std::string body;
  // All other headers, names in lower case; those given twice are joined by ", ".
  absl::btree_map<std::string, std::string> headers;
  HttpPeer peer;  // set by the server
};

// A value of the query; empty: it is not there.
std::string QueryOf(const HttpRequest& request, const std::string& name);

struct HttpResponse {
  int status = 200;  // 200 to 599
  std::string content_type = "application/json";
  std::string body;
  // Further headers, names in lower case. The server adds what HTTP asks for, and
  // "cache-control: private, no-store" where none is given. With an "etag", a GET that names it in
  // If-None-Match is answered with 304 (negotiate.h).
  absl::btree_map<std::string, std::string> headers;
  // The body may be gzipped where the client takes that. False for what holds a secret beside
  // something that the sender chose: the length would give the secret away (BREACH).
  bool may_be_compressed = true;
  // The server holds it back until then, and no worker waits meanwhile: for answers whose time must
  // say nothing of how they came about.
  absl::Time not_before = absl::InfinitePast();
  // In place of a body, of a 200: events as they come. `content_type` says nothing then.
  std::shared_ptr<EventStream> stream;
};

// An error as application/problem+json (RFC 9457): type, title, status, detail and `code`, the
// stable name of the error in snake_case by which programs tell it from others. `sentence` is for
// people; like `code` it must not hold anything personal.
HttpResponse Problem(int status, absl::string_view code, absl::string_view sentence);

// A strong entity tag (RFC 9110 section 8.8.3) of a body, with its quotes: equal bodies have equal
// tags, on every machine and after a restart.
std::string StrongEtag(absl::string_view body);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_HTTP_H_
