// What client and server agree on about an answer before it is sent: whether the client has it
// already (If-None-Match, RFC 9110 section 13.1.2), and whether its body is gzipped
// (Accept-Encoding, section 12.5.3). Pure; runs on the workers, since gzip takes time.
#ifndef DOLEN_CONNECTORS_HTTP_NEGOTIATE_H_
#define DOLEN_CONNECTORS_HTTP_NEGOTIATE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "connectors/http/http.h"

namespace dolen {

// Smaller bodies fit one packet as they are, and gzip's own 18 bytes and the work gain nothing.
inline constexpr size_t kMinCodedBytes = 1024;

// What an Accept-Encoding says of the two codings that there are here.
struct CodingWish {
  bool wants_gzip = false;  // it is taken, and no less gladly than none
  // An answer that is not coded is not taken. If `wants_gzip` is false too, nothing is, and the
  // answer goes as it is, which the RFC allows and which helps more than a refusal.
  bool refuses_identity = false;
};
// A part that is malformed says nothing; of a coding that is named twice the last one counts.
CodingWish ParseAcceptEncoding(absl::string_view value);

// The entity tags of an If-None-Match, "*" for itself; none if the value is malformed, so that the
// whole answer is sent.
std::vector<std::string> ParseIfNoneMatch(absl::string_view value);

// Of the two tags under which an answer may be known, the one that If-None-Match names, compared
// weakly; `own` where it names both or is "*". The tag of the client's copy, so that it may go on
// using that.
absl::optional<std::string> MatchedEtag(absl::string_view if_none_match, const std::string& own,
                                        const std::string& other);

// The tag of the same answer once it is gzipped: a strong tag stands for exact bytes, so it must
// differ. "abc" becomes "abc-gzip"; a weak tag stays.
std::string GzipEtag(const std::string& etag);

// Whether bodies of this type shrink: JSON, CSV, HTML, CSS, scripts, SVG.
bool IsCompressible(absl::string_view content_type);

// The answer that is sent: a 304 without a body if the request has it already; gzipped if that is
// wanted and allowed, with its tag and Vary set accordingly. Streams pass unchanged.
HttpResponse Negotiated(const HttpRequest& request, HttpResponse response);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_NEGOTIATE_H_
