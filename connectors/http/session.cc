#include "connectors/http/session.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "connectors/http/head.h"
#include "connectors/http/negotiate.h"
#include "connectors/http/tcp.h"

namespace dolen {
namespace {

namespace http = beast::http;

// Most of one read of a header, which is rarely longer.
constexpr size_t kHeaderReadBytes = 16 * 1024;

constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";

// How long a reader whose stream has ended waits before it comes back, in milliseconds: a restart
// takes about as long.
constexpr char kRetry[] = "retry: 2000\n\n";
// A line that readers skip. It tells them, and whatever lies between, that the stream is alive, and
// us that the reader is.
constexpr char kPing[] = ": ping\n\n";
constexpr char kLastChunk[] = "0\r\n\r\n";
// What the kernel holds for a stream's reader. It would grow to some MiB for each one that stands
// still; this is some hundred events, and how far a reader is behind is seen early.
constexpr int kStreamSocketBytes = 64 * 1024;

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

HttpResponse CannotBeSent() {
  return Problem(500, "internal", "The server made an answer that cannot be sent.");
}

// Never throws: a worker has nobody above it who would catch.
HttpResponse Handle(const Router& router, RawRequest raw, const HttpPeer& peer) {
  try {
    absl::StatusOr<HttpRequest> request = FromRaw(std::move(raw));
    if (!request.ok()) return Problem(400, "malformed_target", request.status().message());
    request->peer = peer;
    return Negotiated(*request, router.Answer(*request));
  } catch (const std::exception&) {
    // What it says may be personal, so it does not travel.
    return Problem(500, "internal", "The server could not answer this request.");
  }
}

}  // namespace

Session::Session(Host& host, Protocol::socket socket)
    : host_(host), wire_(host.io, std::move(socket), host.tls.get()), time_(host.io) {
  SendWithoutDelay(wire_.fd());
  peer_.address = PeerAddressOf(wire_.fd());
  peer_.is_encrypted = host.tls != nullptr;
  host_.sessions.insert(this);
}

Session::~Session() {
  Release();
  if (stream_) {
    stream_->Detach();
    --host_.streams;
  }
  host_.sessions.erase(this);
}

void Session::Start() {
  Allow(host_.options.handshake_timeout);
  wire_.Handshake([self = shared_from_this()](ErrorCode error) {
    if (error) return self->Close();
    self->peer_.certificate = self->wire_.Peer();
    self->AwaitRequest();
  });
}

void Session::TurnAway() {
  // Closed as soon as it is sent, else those who are turned away would add to the crowd.
  keep_alive_ = false;
  Write(TooMany("too_many_connections", "The server has as many connections as it may."));
}

void Session::Stop() {
  switch (step_) {
    case Step::kReading:
    case Step::kParting:
      return Close();
    case Step::kRunning:
      return;  // Write() will know
    case Step::kStreaming:
      stream_->Close();
      [[fallthrough]];
    case Step::kWriting:
      Allow(host_.options.parting_timeout);
  }
}

void Session::Allow(absl::Duration duration) {
  time_.expires_after(Chrono(duration));
  time_.async_wait([weak = weak_from_this()](ErrorCode error) {
    const std::shared_ptr<Session> self = error ? nullptr : weak.lock();
    if (self) self->OnTimeOver();
  });
}

void Session::OnTimeOver() {
  // It was over already when more was allowed.
  if (time_.expiry() > asio::steady_timer::clock_type::now()) return;
  if (step_ == Step::kStreaming && !is_writing_events_) return WriteEvents(kPing, 0, false);
  Close();
}

void Session::ReadMore(size_t most, void (Session::*next)()) {
  // Neither a header nor the frame of a chunk is as long as this.
  if (buffer_.size() == buffer_.max_size()) return RefuseFor(http::error::buffer_overflow);
  most = std::min(most, buffer_.max_size() - buffer_.size());
  wire_.Read(buffer_, most, [self = shared_from_this(), next](ErrorCode error) {
    if (error) return self->Close();
    (self.get()->*next)();
  });
}

void Session::AwaitRequest() {
  step_ = Step::kReading;
  if (buffer_.size() > 0) return ReadHeader();  // pipelined
  // Who was served may think for long; who has just come, or has begun a request, may not.
  Allow(served_ ? host_.options.idle_timeout : host_.options.header_timeout);
  ReadMore(kHeaderReadBytes, &Session::ReadHeader);
}

void Session::ReadHeader() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(host_.options.max_header_bytes));
  parser_->body_limit(host_.options.max_body_bytes);
  Allow(host_.options.header_timeout);
  ParseHeader();
}

void Session::ParseHeader() {
  ErrorCode error;
  buffer_.consume(parser_->put(buffer_.data(), error));
  if (error && error != http::error::need_more) return RefuseFor(error);
  if (parser_->is_header_done()) return OnHeader();
  ReadMore(kHeaderReadBytes, &Session::ParseHeader);
}

void Session::OnHeader() {
  const auto& raw = parser_->get();
  is_head_ = raw.method() == http::verb::head;
  takes_chunks_ = raw.version() == 11;
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
  parser_->eager(true);
  Allow(host_.options.body_timeout);
  if (!expected.empty() && raw.version() == 11 && !parser_->is_done() && buffer_.size() == 0) {
    return AskForBody();
  }
  ReadBody();
}

void Session::AskForBody() {
  wire_.Write(kContinue, "", [self = shared_from_this()](ErrorCode error) {
    if (error) return self->Close();
    self->ReadBody();
  });
}

void Session::ReadBody() {
  ErrorCode error;
  if (buffer_.size() > 0 && !parser_->is_done()) {
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (error && error != http::error::need_more) return RefuseFor(error);
  }
  if (parser_->is_done()) return Run();
  ReadMore(kReadBytes, &Session::ReadBody);
}

void Session::Run() {
  if (host_.stopping) return Close();
  step_ = Step::kRunning;
  time_.expires_at(asio::steady_timer::time_point::max());
  RawRequest raw = parser_->release();
  parser_.reset();
  // The guard keeps the I/O thread running while nothing else of this session is under way.
  asio::post(host_.workers, [self = shared_from_this(), raw = std::move(raw),
                             guard = asio::make_work_guard(host_.io)]() mutable {
    Host& host = self->host_;
    HttpResponse response = Handle(host.router, std::move(raw), self->peer_);
    // Moved, since the last owner of a session must be the I/O thread.
    asio::post(host.io, [self = std::move(self), response = std::move(response)]() mutable {
      self->Release();
      self->WriteInTime(std::move(response));
    });
  });
}

void Session::WriteInTime(HttpResponse response) {
  const absl::Duration rest = response.not_before - absl::Now();
  if (rest <= absl::ZeroDuration() || host_.stopping) return Write(std::move(response));
  // Nothing else is timed while a request runs.
  time_.expires_after(Chrono(rest));
  time_.async_wait([self = shared_from_this(), response = std::move(response)](ErrorCode) mutable {
    self->Write(std::move(response));
  });
}

void Session::Write(HttpResponse response) {
  if (response.stream) return OpenStream(std::move(response));
  step_ = Step::kWriting;
  keep_alive_ = keep_alive_ && !refused_ && !host_.stopping;
  const auto framing = [&] {
    return response.status == 204 || response.status == 304 ? Framing::kNone : Framing::kLength;
  };
  absl::StatusOr<std::string> head = HeadOf(response, framing(), keep_alive_);
  if (!head.ok()) {
    response = CannotBeSent();
    head = HeadOf(response, framing(), keep_alive_);
  }
  head_ = *std::move(head);
  if (!is_head_ && framing() == Framing::kLength) body_ = std::move(response.body);
  // One packet, and one record of TLS, for what is small.
  if (body_.size() <= kReadBytes) head_ += std::exchange(body_, {});
  Allow(refused_ || host_.stopping ? host_.options.parting_timeout : host_.options.write_timeout);
  wire_.Write(head_, body_,
              [self = shared_from_this()](ErrorCode error) { self->OnWritten(error); });
}

void Session::OnWritten(ErrorCode error) {
  head_ = {};
  body_ = {};
  if (error) return Close();
  served_ = true;
  if (keep_alive_ && !host_.stopping) return AwaitRequest();
  wire_.FinishSending();
  if (!refused_ || host_.stopping) return Close();
  step_ = Step::kParting;
  Allow(host_.options.parting_timeout);
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
  Refuse(Problem(400, "malformed_request", "This is not a request of HTTP/1.1."));
}

void Session::DropRest() {
  dropped_ += buffer_.size();
  buffer_.clear();
  if (stream_ && dropped_ > kReadBytes) return Close();
  wire_.Read(buffer_, kHeaderReadBytes, [self = shared_from_this()](ErrorCode error) {
    if (error) return self->Close();
    self->DropRest();
  });
}

void Session::Close() {
  wire_.Close();
  time_.cancel();
  if (stream_) stream_->Detach();
}

void Session::OpenStream(HttpResponse response) {
  // Nothing is read after it, so that what ends the stream ends the connection.
  keep_alive_ = false;
  response.status = 200;
  response.content_type = "text/event-stream";
  response.headers["cache-control"] = "no-store";
  response.headers["x-accel-buffering"] = "no";  // nginx passes each event on at once
  absl::StatusOr<std::string> head =
      HeadOf(response, takes_chunks_ ? Framing::kChunked : Framing::kToTheEnd, false);
  if (!head.ok()) {
    response.stream->Close();
    return Write(CannotBeSent());
  }
  if (host_.streams >= static_cast<size_t>(host_.options.max_streams)) {
    response.stream->Close();
    return Write(TooMany("too_many_streams", "The server has as many streams as it may."));
  }
  ++host_.streams;
  step_ = Step::kStreaming;
  head_ = *std::move(head);
  (void)setsockopt(wire_.fd(), SOL_SOCKET, SO_SNDBUF, &kStreamSocketBytes,
                   sizeof(kStreamSocketBytes));
  GiveUpAfter(host_.options.write_timeout, wire_.fd());
  stream_ = std::move(response.stream);
  stream_->Attach([&io = host_.io, weak = weak_from_this()] {
    asio::post(io, [weak] {
      const std::shared_ptr<Session> self = weak.lock();
      if (self) self->TakeEvents();
    });
  });
  if (is_head_ || host_.stopping) stream_->Close();
  WriteEvents(is_head_ ? "" : absl::StrCat(kRetry, response.body), 0, is_head_);
  DropRest();
}

void Session::TakeEvents() {
  if (step_ != Step::kStreaming) return;
  if (stream_->is_cut_off()) return Close();
  if (is_writing_events_) return;  // comes back when it is written
  EventStream::Taken taken = stream_->Take();
  if (taken.bytes.empty() && !taken.is_last) return Allow(host_.options.ping_interval);
  const size_t count = taken.bytes.size();
  WriteEvents(std::move(taken.bytes), count, taken.is_last);
}

void Session::WriteEvents(std::string bytes, size_t taken, bool last) {
  is_writing_events_ = true;
  body_ = std::move(bytes);
  if (takes_chunks_ && !is_head_) {
    if (!body_.empty()) {
      absl::StrAppend(&head_, absl::Hex(body_.size()), "\r\n");
      body_ += "\r\n";
    }
    if (last) body_ += kLastChunk;
  }
  Allow(host_.stopping ? host_.options.parting_timeout : host_.options.write_timeout);
  wire_.Write(head_, body_, [self = shared_from_this(), taken, last](ErrorCode error) {
    self->OnEventsWritten(taken, last, error);
  });
}

void Session::OnEventsWritten(size_t taken, bool last, ErrorCode error) {
  is_writing_events_ = false;
  head_ = {};
  body_ = {};
  if (error) return Close();
  stream_->Written(taken);
  if (!last) return TakeEvents();
  wire_.FinishSending();
  if (host_.stopping) return Close();
  // The reader closes, which DropRest sees.
  step_ = Step::kParting;
  Allow(host_.options.parting_timeout);
}

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
