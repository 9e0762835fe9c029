// TLS 1.2 and 1.3 for the server's side of a connection. OpenSSL is included by tls.cc only.
//
// It sits on a socket that never blocks and says when to try again (attempt.h), so that a
// connection is driven in one way with TLS and without it. A TlsContext may be used by many
// channels; a channel belongs to one thread.
#ifndef DOLEN_CONNECTORS_HTTP_TLS_H_
#define DOLEN_CONNECTORS_HTTP_TLS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "connectors/http/attempt.h"
#include "connectors/http/http.h"

struct ssl_st;
struct ssl_ctx_st;

namespace dolen {

// All files are PEM, and are read once: a renewed certificate is taken up by the next start.
struct TlsOptions {
  std::string certificate_chain_file;  // the server's own first, then those that vouch for it
  std::string private_key_file;        // without a passphrase
  // Who vouches for clients. Empty: clients are not asked for a certificate.
  std::string client_authority_file;
  // Who has none is not let in. False: it is checked where one is offered, for doors at which a
  // token may do as well.
  bool client_certificate_required = true;
};

class TlsContext {
 public:
  // kInvalidArgument, with a sentence that names the file: it cannot be read, or does not hold what
  // it should, or key and certificate do not belong together.
  static absl::StatusOr<std::unique_ptr<TlsContext>> Read(const TlsOptions& options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

 private:
  friend class TlsChannel;
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* const context_;
};

class TlsChannel {
 public:
  // Uses the socket `fd`, which stays the caller's: nothing may be called once it is closed, since
  // its number may be another's by then. Throws std::bad_alloc.
  TlsChannel(const TlsContext& context, int fd);
  ~TlsChannel();
  TlsChannel(const TlsChannel&) = delete;
  TlsChannel& operator=(const TlsChannel&) = delete;

  Attempt Handshake();
  Attempt Receive(char* to, size_t most);
  // What was not done is to be tried again with the same bytes, though not at the same place.
  Attempt Send(absl::string_view bytes);
  // Tells the other side that nothing follows, if the socket takes it now.
  void Finish();
  // Of a client that showed a certificate, which was found good in the handshake.
  absl::optional<ClientCertificate> Peer() const;

 private:
  Attempt AttemptOf(int result, size_t count);
  ssl_st* const ssl_;
  bool is_broken_ = false;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_TLS_H_
