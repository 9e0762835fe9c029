// The bytes of one connection of the server, over TLS or plainly: one class for both, driven by
// "the socket can be read now" and "it can be written now". So all that differs is which function
// tries, nothing of Boost's TLS is compiled, and an idle connection holds no buffer.
//
// All functions are called on the I/O thread, and `done` is called there, later, never from within
// the call. Who starts an operation keeps the Wire alive until `done` was called. One operation of
// each kind may be under way at a time. After Close() everything ends with operation_aborted.
#ifndef DOLEN_CONNECTORS_HTTP_WIRE_H_
#define DOLEN_CONNECTORS_HTTP_WIRE_H_

#include <functional>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "connectors/http/attempt.h"
#include "connectors/http/boost.h"
#include "connectors/http/tls.h"

namespace dolen {

class Wire {
 public:
  using Done = std::function<void(ErrorCode)>;

  // `tls` is null: none. It outlives the wire.
  Wire(asio::io_context& io, Protocol::socket socket, const TlsContext* tls);

  // Comes first where there is TLS; without, it is done at once.
  void Handshake(Done done);
  // Appends between 1 and `most` bytes. eof: the other side has finished sending.
  void Read(beast::flat_buffer& buffer, size_t most, Done done);
  // All of `first`, then all of `second`, which stay where they are until it is done.
  void Write(absl::string_view first, absl::string_view second, Done done);
  // Nothing follows; what comes can still be read.
  void FinishSending();
  void Close();

  int fd() { return socket_.native_handle(); }
  // After the handshake.
  absl::optional<ClientCertificate> Peer() const;

 private:
  void WriteRest(Done done);
  // The attempt came too early: goes on with `again` when the time has come. Otherwise false.
  bool Wait(AttemptEnd outcome, const Done& done, std::function<void()> again);
  void End(Done done, ErrorCode error);

  asio::io_context& io_;
  Protocol::socket socket_;
  std::unique_ptr<TlsChannel> tls_;
  absl::string_view rest_[2];  // of the write under way
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_WIRE_H_
