// Between our plain values and Beast's messages, which parse what comes and carry what the client
// sends. What the server sends is written by head.h.
#ifndef DOLEN_CONNECTORS_HTTP_MESSAGE_H_
#define DOLEN_CONNECTORS_HTTP_MESSAGE_H_

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "absl/status/statusor.h"
#include "connectors/http/http.h"

namespace dolen {

using RawRequest = boost::beast::http::request<boost::beast::http::string_body>;
using RawResponse = boost::beast::http::response<boost::beast::http::string_body>;

// kInvalidArgument, with a sentence fit for the sender, if the target cannot be read.
absl::StatusOr<HttpRequest> FromRaw(RawRequest raw);
HttpResponse FromRaw(RawResponse raw);

// kInvalidArgument: the method, or a header's name or value is none.
absl::StatusOr<RawRequest> ToRaw(const HttpRequest& request);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_MESSAGE_H_
