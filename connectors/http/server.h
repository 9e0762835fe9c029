// A small HTTP/1.1 server on a unix socket, or on TCP: with TLS for anybody, without for this
// machine alone. One thread does all input and output; a few workers run the handlers, so that a
// slow handler holds up nobody else while another worker is free. Each connection is answered in
// order (pipelining) and kept alive. An answer may be a stream of events (stream.h).
//
// What a client may do wrong is answered as a problem (RFC 9457) and the connection closed: 400
// malformed, 413 body too large, 417 an expectation that is unknown, 431 header too large, 503 too
// many connections, streams or bodies. A client that is slower than the limits is cut off without a
// word.
#ifndef DOLEN_CONNECTORS_HTTP_SERVER_H_
#define DOLEN_CONNECTORS_HTTP_SERVER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "connectors/http/router.h"
#include "connectors/http/tls.h"

namespace dolen {

struct HttpServerOptions {
  // Handlers that run at once. More than cores, since they wait for the disk.
  int workers = 8;
  // Connections at once that are not streams; further ones get 503, or are closed without a word
  // where there is TLS. A few operators, and dashboards that keep theirs.
  int max_connections = 512;
  // Streams at once; further ones get 503. One for each open dashboard. Each holds a file
  // descriptor and some KiB, and may hold EventStream::kMaxUnsentBytes; no worker. How many one
  // caller may have is the handler's to say (StreamsPerCaller).
  int max_streams = 1024;
  // Start line and headers: a token of 8 KiB is refused anyway, ours are some hundred bytes.
  size_t max_header_bytes = 8 * 1024;
  // A body: an import sends its events in batches of a few MiB.
  size_t max_body_bytes = 8 * 1024 * 1024;
  // All bodies that are being read or handled. Bounds memory, whatever the number of connections.
  size_t max_bytes_in_flight = 64 * 1024 * 1024;
  // From the start of a connection to the end of its TLS handshake: a few packets.
  absl::Duration handshake_timeout = absl::Seconds(10);
  // From the first byte of a request to the end of its header, and from the start of a connection
  // (or the end of its handshake) to that first byte: it fits one packet, so a client that needs
  // longer is dripping bytes to hold a connection.
  absl::Duration header_timeout = absl::Seconds(10);
  // From the end of the header to the end of the body: 8 MiB at 270 KiB/s.
  absl::Duration body_timeout = absl::Seconds(30);
  // For a whole answer to be taken, or for what was sent on a stream at one time.
  absl::Duration write_timeout = absl::Seconds(60);
  // A stream on which nothing has been sent for so long gets a line that says nothing. Shorter than
  // what lies between keeps silent connections (nginx: 60 s).
  absl::Duration ping_interval = absl::Seconds(15);
  // Between two requests of a connection.
  absl::Duration idle_timeout = absl::Seconds(60);
  // How long what a refused client still sends is read and dropped, so that it sees the answer
  // rather than a broken pipe; and how long answers may take once the server stops.
  absl::Duration parting_timeout = absl::Seconds(5);
};

class HttpServer {
 public:
  // Answers on `socket_path` (mode 0600, see socket_file.h) once this returns. kFailedPrecondition:
  // another process answers there.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Listen(const std::string& socket_path,
                                                            Router router,
                                                            HttpServerOptions options = {});
  // Answers on `address`, in figures (tcp.h), which others than this machine reach only with TLS.
  // `port` 0: any that is free. kUnavailable: the port is taken. kInvalidArgument, with a sentence:
  // address and TLS do not go together, the files of `tls` cannot be used, no such address or port.
  static absl::StatusOr<std::unique_ptr<HttpServer>> ListenOnTcp(
      const std::string& address, int port, const absl::optional<TlsOptions>& tls, Router router,
      HttpServerOptions options = {});
  // On 127.0.0.1 without TLS; whoever offers it to others puts a server with TLS before it.
  static absl::StatusOr<std::unique_ptr<HttpServer>> ListenOnLoopback(
      int port, Router router, HttpServerOptions options = {});
  // Of TCP; 0: it listens on a unix socket.
  int port() const;
  // Takes no further request, waits for the handlers of those it has read, sends their answers,
  // ends the streams and removes the socket file. Not to be called from a handler.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(std::unique_ptr<State> state, int family,
                                                           int listener);
  std::unique_ptr<State> state_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_SERVER_H_
