#include "connectors/http/session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "connectors/http/negotiate.h"

namespace dolen {
namespace {

namespace http = beast::http;

// What an idle connection holds ready: more than most requests need, little beside kReadBytes.
constexpr size_t kFirstReadBytes = 16 * 1024;

constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";

// What Beast's parser lets pass but RFC 9112 does not. Empty: nothing.
absl::string_view WrongHeader(const http::request_parser<http::string_body>::value_type& raw) {
  if (raw.version() != 10 && raw.version() != 11) return "This server speaks HTTP/1.1.";
  const auto hosts = raw.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && raw.version() == 11)) {
    return "The request does not have exactly one Host header.";
  }
  return "";
}

HttpResponse TooMany(absl::string_view code, absl::string_view sentence) {
  HttpResponse response = Problem(503, code, sentence);
  response.headers["retry-after"] = "1";
  return response;
}

// Never throws: a worker has nobody above it who would catch.
HttpResponse Handle(const Router& router, RawRequest raw) {
  try {
    const absl::StatusOr<HttpRequest> request = FromRaw(std::move(raw));
    if (!request.ok()) return Problem(400, "malformed_target", request.status().message());
    return Negotiated(*request, router.Answer(*request));
  } catch (const std::exception&) {
    // What it says may be personal, so it does not travel.
    return Problem(500, "internal", "The server could not answer this request.");
  }
}

}  // namespace

Session::Session(Host& host, Protocol::socket socket) : host_(host), stream_(std::move(socket)) {
  host_.sessions.insert(this);
}

Session::~Session() {
  Release();
  host_.sessions.erase(this);
}

void Session::TurnAway() {
  // Closed as soon as it is sent, else those who are turned away would add to the crowd.
  keep_alive_ = false;
  Write(TooMany("too_many_connections", "The server has as many connections as it may."));
}

void Session::Stop() {
  if (step_ == Step::kReading) {
    Close();
  } else if (step_ == Step::kWriting) {
    // The stream's own deadline cannot be moved while it writes.
    parting_.emplace(host_.io, Chrono(host_.options.parting_timeout));
    parting_->async_wait([weak = weak_from_this()](ErrorCode error) {
      const std::shared_ptr<Session> self = error ? nullptr : weak.lock();
      if (self) self->Close();
    });
  }
}

void Session::AwaitRequest() {
  step_ = Step::kReading;
  if (buffer_.size() > 0) return ReadHeader();  // pipelined
  // Who was served may think for long; who has just come, or has begun a request, may not.
  stream_.expires_after(
      Chrono(served_ ? host_.options.idle_timeout : host_.options.header_timeout));
  stream_.async_read_some(buffer_.prepare(kFirstReadBytes),
                          [self = shared_from_this()](ErrorCode error, size_t count) {
                            self->buffer_.commit(count);
                            if (!error) self->ReadHeader();
                          });
}

void Session::ReadHeader() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(host_.options.max_header_bytes));
  parser_->body_limit(host_.options.max_body_bytes);
  stream_.expires_after(Chrono(host_.options.header_timeout));
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](ErrorCode error, size_t) { self->OnHeader(error); });
}

void Session::OnHeader(ErrorCode error) {
  if (error) return RefuseFor(error);
  const auto& raw = parser_->get();
  is_head_ = raw.method() == http::verb::head;
  keep_alive_ = raw.keep_alive();
  if (const absl::string_view wrong = WrongHeader(raw); !wrong.empty()) {
    return Refuse(Problem(400, "malformed_request", wrong));
  }
  const absl::string_view expected = View(raw[http::field::expect]);
  if (!expected.empty() && !absl::EqualsIgnoreCase(expected, "100-continue")) {
    return Refuse(Problem(417, "expectation_failed", "Only 100-continue can be expected here."));
  }
  if (!Reserve()) {
    return Refuse(TooMany("too_many_bytes", "The server is busy with other large requests."));
  }
  stream_.expires_after(Chrono(host_.options.body_timeout));
  if (!expected.empty() && raw.version() == 11 && !parser_->is_done() && buffer_.size() == 0) {
    return AskForBody();
  }
  ReadBody();
}

void Session::AskForBody() {
  interim_ = kContinue;
  asio::async_write(stream_, asio::buffer(interim_),
                    [self = shared_from_this()](ErrorCode error, size_t) {
                      if (!error) self->ReadBody();
                    });
}

void Session::ReadBody() {
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](ErrorCode error, size_t) {
                     if (error) return self->RefuseFor(error);
                     self->Run();
                   });
}

void Session::Run() {
  if (host_.stopping) return Close();
  step_ = Step::kRunning;
  stream_.expires_never();
  RawRequest raw = parser_->release();
  parser_.reset();
  // The guard keeps the I/O thread running while nothing else of this session is under way.
  asio::post(host_.workers, [self = shared_from_this(), raw = std::move(raw),
                             guard = asio::make_work_guard(host_.io)]() mutable {
    Host& host = self->host_;
    HttpResponse response = Handle(host.router, std::move(raw));
    // Moved, since the last owner of a session must be the I/O thread.
    asio::post(host.io, [self = std::move(self), response = std::move(response)]() mutable {
      self->Release();
      self->Write(std::move(response));
    });
  });
}

void Session::Write(HttpResponse response) {
  step_ = Step::kWriting;
  absl::StatusOr<RawResponse> raw = ToRaw(std::move(response));
  if (!raw.ok()) {
    raw = ToRaw(Problem(500, "internal", "The server made an answer that cannot be sent."));
  }
  response_ = *std::move(raw);
  keep_alive_ = keep_alive_ && !refused_ && !host_.stopping;
  response_.keep_alive(keep_alive_);
  const unsigned status = response_.result_int();
  if (status == 204 || status == 304) {
    response_.body().clear();
  } else {
    response_.content_length(response_.body().size());
  }
  serializer_.emplace(response_);
  stream_.expires_after(Chrono(refused_ || host_.stopping ? host_.options.parting_timeout
                                                          : host_.options.write_timeout));
  const auto done = [self = shared_from_this()](ErrorCode error, size_t) {
    self->OnWritten(error);
  };
  if (is_head_) {
    http::async_write_header(stream_, *serializer_, done);
  } else {
    http::async_write(stream_, *serializer_, done);
  }
}

void Session::OnWritten(ErrorCode error) {
  serializer_.reset();
  response_ = {};
  if (error) return Close();
  served_ = true;
  if (keep_alive_ && !host_.stopping) return AwaitRequest();
  if (!refused_ || host_.stopping) return Close();
  stream_.socket().shutdown(Protocol::socket::shutdown_send, error);
  step_ = Step::kReading;
  buffer_.clear();
  stream_.expires_after(Chrono(host_.options.parting_timeout));
  DropRest();
}

void Session::Refuse(HttpResponse problem) {
  refused_ = true;
  Release();
  Write(std::move(problem));
}

void Session::RefuseFor(ErrorCode error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return Refuse(Problem(431, "header_too_large",
                          absl::StrCat("Start line and headers have more than ",
                                       host_.options.max_header_bytes, " bytes.")));
  }
  if (error == http::error::body_limit) {
    return Refuse(
        Problem(413, "body_too_large",
                absl::StrCat("The body has more than ", host_.options.max_body_bytes, " bytes.")));
  }
  // The other side has closed, or was too slow and is cut off already.
  const bool malformed = error.category() == make_error_code(http::error::bad_method).category() &&
                         error != http::error::end_of_stream &&
                         error != http::error::partial_message;
  if (!malformed) return Close();
  Refuse(Problem(400, "malformed_request", "This is not a request of HTTP/1.1."));
}

void Session::DropRest() {
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](ErrorCode error, size_t) {
                            if (!error) self->DropRest();
                          });
}

void Session::Close() { stream_.close(); }

bool Session::Reserve() {
  const auto length = parser_->content_length();
  const size_t bytes = length               ? static_cast<size_t>(*length)
                       : parser_->is_done() ? 0
                                            : host_.options.max_body_bytes;
  if (bytes > host_.options.max_bytes_in_flight - host_.bytes_in_flight) return false;
  reserved_ = bytes;
  host_.bytes_in_flight += bytes;
  return true;
}

void Session::Release() {
  host_.bytes_in_flight -= reserved_;
  reserved_ = 0;
}

}  // namespace dolen
