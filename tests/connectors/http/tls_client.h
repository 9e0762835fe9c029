// The client's side of TLS for tests, with everything that a client may choose wrongly.
#ifndef DOLEN_TESTS_CONNECTORS_HTTP_TLS_CLIENT_H_
#define DOLEN_TESTS_CONNECTORS_HTTP_TLS_CLIENT_H_

#include <openssl/ssl.h>

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "tests/connectors/http/certificates.h"

namespace dolen {

struct TlsClientOptions {
  std::string authority;                 // PEM; who vouches for the server
  absl::optional<Identity> identity;     // the client's own
  int min_version = 0, max_version = 0;  // 0: whatever there is
  std::string ciphers;                   // of TLS 1.2; empty: OpenSSL's choice
  std::string protocols;                 // ALPN, as it goes over the wire
};

// Reads and writes `fd`, which stays the caller's, waiting as long as it takes.
class TlsClient {
 public:
  TlsClient(int fd, const TlsClientOptions& options);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool Handshake();
  bool Send(absl::string_view bytes);
  // Appends what there is; false: the other side has closed. `was_told`: it said so first.
  bool ReadSome(std::string& bytes);
  bool was_told() const { return was_told_; }
  std::string version() const { return SSL_get_version(ssl_); }
  std::string protocol() const;
  // What has come and has not been read.
  bool has_more() const { return SSL_pending(ssl_) > 0 || BIO_pending(SSL_get_rbio(ssl_)) > 0; }

 private:
  bool Flush();
  bool Feed();

  const int fd_;
  SSL_CTX* const context_;
  SSL* ssl_ = nullptr;
  bool was_told_ = false;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_HTTP_TLS_CLIENT_H_
