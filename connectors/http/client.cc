#include "connectors/http/client.h"

#include <poll.h>

#include <algorithm>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "connectors/http/boost.h"
#include "connectors/http/message.h"
#include "connectors/http/socket_file.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

namespace http = beast::http;

using Stream = beast::basic_stream<Protocol>;

// A connection that waits for the listener's queue is there, only busy.
constexpr absl::Duration kProbeTimeout = absl::Seconds(1);

// May be asked twice without doing more than once (RFC 9110 section 9.2.2).
bool IsIdempotent(absl::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

// An idle connection has nothing to read: if there is, the server has closed it, or talks nonsense.
bool IsStale(Stream& stream) {
  pollfd ready{stream.socket().native_handle(), POLLIN, 0};
  return poll(&ready, 1, 0) != 0;
}

}  // namespace

struct HttpClient::State {
  explicit State(std::string path) : socket_path(std::move(path)) {}

  const std::string socket_path;
  asio::io_context io{1};
  absl::optional<Stream> stream;
  beast::flat_buffer buffer{kReadBytes};

  absl::Status Connect(absl::Duration timeout);
  absl::StatusOr<HttpResponse> Exchange(const RawRequest& raw, absl::Duration timeout);
  ErrorCode Send(const RawRequest& raw);
  absl::Status StatusOf(ErrorCode error, absl::Duration timeout) const;
};

absl::Status HttpClient::State::Connect(absl::Duration timeout) {
  DOLEN_ASSIGN_OR_RETURN(Descriptor fd, ConnectTo(socket_path, timeout));
  Protocol::socket socket(io);
  ErrorCode error;
  socket.assign(Protocol(AF_UNIX, 0), fd.get(), error);
  if (error) return absl::ResourceExhaustedError(error.message());
  fd.Release();
  stream.emplace(std::move(socket));
  buffer.clear();
  return absl::OkStatus();
}

ErrorCode HttpClient::State::Send(const RawRequest& raw) {
  ErrorCode sent;
  http::async_write(*stream, raw, [&sent](ErrorCode error, size_t) { sent = error; });
  io.restart();
  io.run();
  return sent;
}

absl::StatusOr<HttpResponse> HttpClient::State::Exchange(const RawRequest& raw,
                                                         absl::Duration timeout) {
  stream->expires_after(Chrono(timeout));
  const ErrorCode sent = Send(raw);
  if (sent == beast::error::timeout) return StatusOf(sent, timeout);
  // A server that refuses a long body answers and closes before it is sent: its answer says more
  // than our broken pipe.
  http::response_parser<http::string_body> parser;
  parser.body_limit(kMaxResponseBytes);
  if (raw.method() == http::verb::head) parser.skip(true);
  ErrorCode received;
  http::async_read(*stream, buffer, parser,
                   [&received](ErrorCode error, size_t) { received = error; });
  io.restart();
  io.run();
  if (received) return StatusOf(sent ? sent : received, timeout);
  const bool keep = !sent && parser.get().keep_alive();
  HttpResponse response = FromRaw(parser.release());
  if (keep) {
    stream->expires_never();
  } else {
    stream.reset();
  }
  return response;
}

absl::Status HttpClient::State::StatusOf(ErrorCode error, absl::Duration timeout) const {
  if (error == beast::error::timeout) {
    return absl::DeadlineExceededError(
        absl::StrCat("no answer on ", socket_path, " within ", absl::FormatDuration(timeout)));
  }
  const bool is_http = error.category() == make_error_code(http::error::bad_method).category();
  if (is_http && error != http::error::end_of_stream && error != http::error::partial_message) {
    return absl::DataLossError(
        absl::StrCat("what answers on ", socket_path, " cannot be understood: ", error.message()));
  }
  return absl::UnavailableError(
      absl::StrCat("the process behind ", socket_path, " ended the connection before it answered (",
                   error.message(), "); it may or may not have done what was asked"));
}

HttpClient::HttpClient(std::string socket_path)
    : state_(std::make_unique<State>(std::move(socket_path))) {}

HttpClient::~HttpClient() = default;

absl::StatusOr<HttpResponse> HttpClient::Call(const HttpRequest& request, absl::Duration timeout) {
  const absl::StatusOr<RawRequest> raw = ToRaw(request);
  if (!raw.ok()) return raw.status();
  // A day stands for "for ever", which the clocks beneath cannot count.
  const absl::Duration patience = std::clamp(timeout, absl::ZeroDuration(), absl::Hours(24));
  const auto deadline = std::chrono::steady_clock::now() + Chrono(patience);
  const auto left = [&] {
    const auto rest = absl::FromChrono(deadline - std::chrono::steady_clock::now());
    return std::max(rest, absl::Milliseconds(1));
  };
  if (state_->stream && IsStale(*state_->stream)) state_->stream.reset();
  const bool kept = state_->stream.has_value();
  if (!kept) DOLEN_RETURN_IF_ERROR(state_->Connect(left()));
  absl::StatusOr<HttpResponse> response = state_->Exchange(*raw, left());
  if (kept && absl::IsUnavailable(response.status()) && IsIdempotent(request.method)) {
    DOLEN_RETURN_IF_ERROR(state_->Connect(left()));
    response = state_->Exchange(*raw, left());
  }
  if (!response.ok()) state_->stream.reset();
  return response;
}

absl::StatusOr<HttpResponse> HttpCall(const std::string& socket_path, const HttpRequest& request,
                                      absl::Duration timeout) {
  return HttpClient(socket_path).Call(request, timeout);
}

bool SomebodyListens(const std::string& socket_path) {
  const absl::StatusOr<Descriptor> connected = ConnectTo(socket_path, kProbeTimeout);
  return connected.ok() || absl::IsDeadlineExceeded(connected.status());
}

}  // namespace dolen
