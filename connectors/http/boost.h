// The room's view of Boost: what server and client share. No public header includes this one.
#ifndef DOLEN_CONNECTORS_HTTP_BOOST_H_
#define DOLEN_CONNECTORS_HTTP_BOOST_H_

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string_type.hpp>
#include <boost/beast/http/error.hpp>
#include <chrono>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dolen {

namespace asio = boost::asio;
namespace beast = boost::beast;

// Unix and TCP sockets alike, so that what uses them is built once.
using Protocol = asio::generic::stream_protocol;
using ErrorCode = beast::error_code;

// Most of one read from a socket. Bodies come in steps of this, and a connection's buffer, which
// must hold a whole header, is no larger.
inline constexpr size_t kReadBytes = 64 * 1024;

inline std::chrono::nanoseconds Chrono(absl::Duration duration) {
  return absl::ToChronoNanoseconds(duration);
}
inline absl::string_view View(beast::string_view text) { return {text.data(), text.size()}; }
inline beast::string_view View(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_BOOST_H_
