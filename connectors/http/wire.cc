#include "connectors/http/wire.h"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace dolen {
namespace {

// What one connection may write before others have their turn: a large answer to a fast reader
// would hold the thread for as long as it is.
constexpr size_t kBytesPerTurn = 256 * 1024;

ErrorCode ErrorOf(AttemptEnd outcome) {
  switch (outcome) {
    case AttemptEnd::kEnded:
      return asio::error::eof;
    case AttemptEnd::kBroken:
      return asio::error::connection_reset;
    default:
      return {};
  }
}

}  // namespace

Wire::Wire(asio::io_context& io, Protocol::socket socket, const TlsContext* tls)
    : io_(io), socket_(std::move(socket)) {
  if (tls != nullptr) tls_ = std::make_unique<TlsChannel>(*tls, fd());
}

void Wire::Handshake(Done done) {
  if (!socket_.is_open()) return End(std::move(done), asio::error::operation_aborted);
  const Attempt attempt = tls_ ? tls_->Handshake() : Attempt{AttemptEnd::kDone};
  if (Wait(attempt.outcome, done, [this, done] { Handshake(done); })) return;
  End(std::move(done), ErrorOf(attempt.outcome));
}

void Wire::Read(beast::flat_buffer& buffer, size_t most, Done done) {
  if (!socket_.is_open()) return End(std::move(done), asio::error::operation_aborted);
  const auto room = buffer.prepare(most);
  auto* const to = static_cast<char*>(room.data());
  const Attempt attempt = tls_ ? tls_->Receive(to, room.size()) : ReceiveOn(fd(), to, room.size());
  buffer.commit(attempt.count);
  // What waits for its first byte may wait for long.
  if (buffer.size() == 0) buffer.shrink_to_fit();
  if (Wait(attempt.outcome, done, [this, &buffer, most, done] { Read(buffer, most, done); })) {
    return;
  }
  End(std::move(done), ErrorOf(attempt.outcome));
}

void Wire::Write(absl::string_view first, absl::string_view second, Done done) {
  rest_[0] = first;
  rest_[1] = second;
  WriteRest(std::move(done));
}

void Wire::WriteRest(Done done) {
  if (!socket_.is_open()) return End(std::move(done), asio::error::operation_aborted);
  size_t in_this_turn = 0;
  for (absl::string_view& rest : rest_) {
    while (!rest.empty()) {
      if (in_this_turn >= kBytesPerTurn) {
        return asio::post(io_, [this, done = std::move(done)] { WriteRest(done); });
      }
      const absl::string_view piece = rest.substr(0, kBytesPerTurn);
      const Attempt attempt = tls_ ? tls_->Send(piece) : SendOn(fd(), piece);
      if (Wait(attempt.outcome, done, [this, done] { WriteRest(done); })) return;
      if (attempt.outcome != AttemptEnd::kDone)
        return End(std::move(done), ErrorOf(attempt.outcome));
      rest.remove_prefix(attempt.count);
      in_this_turn += attempt.count;
    }
  }
  End(std::move(done), {});
}

bool Wire::Wait(AttemptEnd outcome, const Done& done, std::function<void()> again) {
  if (outcome != AttemptEnd::kWhenReadable && outcome != AttemptEnd::kWhenWritable) return false;
  socket_.async_wait(outcome == AttemptEnd::kWhenReadable ? Protocol::socket::wait_read
                                                          : Protocol::socket::wait_write,
                     [done, again = std::move(again)](ErrorCode error) {
                       if (error) return done(error);
                       again();
                     });
  return true;
}

void Wire::End(Done done, ErrorCode error) {
  asio::post(io_, [this, done = std::move(done), error] {
    // Whoever closed it meanwhile must not see it go on.
    const bool is_cut_off = !error && !socket_.is_open();
    done(is_cut_off ? ErrorCode(asio::error::operation_aborted) : error);
  });
}

void Wire::FinishSending() {
  if (!socket_.is_open()) return;
  if (tls_) tls_->Finish();
  ErrorCode ignored;
  socket_.shutdown(Protocol::socket::shutdown_send, ignored);
}

void Wire::Close() {
  ErrorCode ignored;
  socket_.close(ignored);
}

absl::optional<ClientCertificate> Wire::Peer() const { return tls_ ? tls_->Peer() : absl::nullopt; }

}  // namespace dolen
