#include "tests/connectors/http/tls_client.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/socket.h>

#include "engine/base/check.h"

namespace dolen {
namespace {

X509* ReadCertificate(const std::string& pem) {
  BIO* const bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* const certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  DOLEN_CHECK(certificate != nullptr);
  return certificate;
}

void UseIdentity(const Identity& identity, SSL_CTX* context) {
  X509* const certificate = ReadCertificate(identity.certificate);
  DOLEN_CHECK(SSL_CTX_use_certificate(context, certificate) == 1);
  X509_free(certificate);
  BIO* const bio = BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size()));
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  DOLEN_CHECK(SSL_CTX_use_PrivateKey(context, key) == 1);
  EVP_PKEY_free(key);
}

}  // namespace

TlsClient::TlsClient(int fd, const TlsClientOptions& options)
    : fd_(fd), context_(SSL_CTX_new(TLS_client_method())) {
  // So that it offers what the server is to refuse.
  SSL_CTX_set_security_level(context_, 0);
  SSL_CTX_set_min_proto_version(context_, options.min_version);
  SSL_CTX_set_max_proto_version(context_, options.max_version);
  if (!options.ciphers.empty()) {
    DOLEN_CHECK(SSL_CTX_set_cipher_list(context_, options.ciphers.c_str()) == 1);
  }
  if (!options.authority.empty()) {
    X509* const authority = ReadCertificate(options.authority);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), authority);
    X509_free(authority);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  }
  if (options.identity) UseIdentity(*options.identity, context_);
  ssl_ = SSL_new(context_);
  if (!options.protocols.empty()) {
    SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(options.protocols.data()),
                        static_cast<unsigned>(options.protocols.size()));
  }
  SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(ssl_);
}

TlsClient::~TlsClient() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
}

// Sends what OpenSSL wants sent.
bool TlsClient::Flush() {
  char bytes[16 * 1024];
  int size;
  while ((size = BIO_read(SSL_get_wbio(ssl_), bytes, sizeof(bytes))) > 0) {
    absl::string_view rest(bytes, static_cast<size_t>(size));
    while (!rest.empty()) {
      const ssize_t sent = send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      rest.remove_prefix(static_cast<size_t>(sent));
    }
  }
  return true;
}

// Gives OpenSSL what has come; waits for some.
bool TlsClient::Feed() {
  char bytes[16 * 1024];
  const ssize_t count = recv(fd_, bytes, sizeof(bytes), 0);
  if (count <= 0) return false;
  BIO_write(SSL_get_rbio(ssl_), bytes, static_cast<int>(count));
  return true;
}

bool TlsClient::Handshake() {
  for (;;) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_);
    const bool sent = Flush();
    if (result == 1) return sent;
    if (SSL_get_error(ssl_, result) != SSL_ERROR_WANT_READ || !sent || !Feed()) return false;
  }
}

bool TlsClient::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    ERR_clear_error();
    // No more at once than what Flush holds.
    const absl::string_view piece = bytes.substr(0, 8 * 1024);
    if (SSL_write(ssl_, piece.data(), static_cast<int>(piece.size())) <= 0 || !Flush()) {
      return false;
    }
    bytes.remove_prefix(piece.size());
  }
  return true;
}

bool TlsClient::ReadSome(std::string& bytes) {
  char buffer[16 * 1024];
  for (;;) {
    ERR_clear_error();
    const int count = SSL_read(ssl_, buffer, sizeof(buffer));
    if (count > 0) {
      bytes.append(buffer, static_cast<size_t>(count));
      return true;
    }
    const int error = SSL_get_error(ssl_, count);
    if (error == SSL_ERROR_ZERO_RETURN) was_told_ = true;
    if (error != SSL_ERROR_WANT_READ || !Feed()) return false;
  }
}

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

}  // namespace dolen
