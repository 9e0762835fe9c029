#include "connectors/http/tls.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <ctime>
#include <new>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/digest.h"

namespace dolen {
namespace {

// Mozilla's "intermediate" profile (https://wiki.mozilla.org/Security/Server_Side_TLS) without
// finite-field Diffie-Hellman: forward secrecy and authenticated encryption only.
constexpr char kCiphersOf12[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr char kGroups[] = "X25519:P-256:P-384";
// 112 bits: no RSA keys below 2,048, no SHA-1.
constexpr int kSecurityLevel = 2;
// What a client's chain may have in bytes and in certificates between its own and the authority.
constexpr int kMaxClientChainBytes = 32 * 1024;
constexpr int kMaxClientChainLinks = 3;
// The one protocol that is spoken within (RFC 7301), as it goes over the wire.
constexpr unsigned char kProtocol[] = "\x08http/1.1";

// ---- OpenSSL's view of a socket that does not block and raises no signal ------------------------

int FdOf(BIO* bio) { return static_cast<int>(reinterpret_cast<intptr_t>(BIO_get_data(bio))); }

int ReadSocket(BIO* bio, char* to, int most) {
  BIO_clear_retry_flags(bio);
  if (most <= 0) return 0;
  const Attempt attempt = ReceiveOn(FdOf(bio), to, static_cast<size_t>(most));
  if (attempt.outcome == AttemptEnd::kWhenReadable) BIO_set_retry_read(bio);
  if (attempt.outcome == AttemptEnd::kEnded) return 0;
  return attempt.outcome == AttemptEnd::kDone ? static_cast<int>(attempt.count) : -1;
}

int WriteSocket(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  if (size <= 0) return 0;
  const Attempt attempt = SendOn(FdOf(bio), {from, static_cast<size_t>(size)});
  if (attempt.outcome == AttemptEnd::kWhenWritable) BIO_set_retry_write(bio);
  return attempt.outcome == AttemptEnd::kDone ? static_cast<int>(attempt.count) : -1;
}

// OpenSSL gives the type of the command and its result.
long ControlSocket(BIO*, int command, long, void*) {  // NOLINT(google-runtime-int)
  return command == BIO_CTRL_FLUSH ? 1 : 0;           // nothing is held back
}

BIO_METHOD* MakeSocketMethod() {
  BIO_METHOD* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
  DOLEN_CHECK(method != nullptr);
  BIO_meth_set_read(method, ReadSocket);
  BIO_meth_set_write(method, WriteSocket);
  BIO_meth_set_ctrl(method, ControlSocket);
  return method;
}

BIO* NewSocketBio(int fd) {
  static BIO_METHOD* const method = MakeSocketMethod();  // lives as long as the process
  BIO* const bio = BIO_new(method);
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<intptr_t>(fd)));
  BIO_set_init(bio, 1);
  return bio;
}

// ---- What a server says of itself ---------------------------------------------------------------

absl::Status CannotUse(absl::string_view what, const std::string& file) {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  const std::string why = reason == nullptr ? "" : absl::StrCat(" (", reason, ")");
  ERR_clear_error();
  return absl::InvalidArgumentError(absl::StrCat("cannot use ", what, " in \"", file, "\"", why,
                                                 "; give a PEM file that this process can read"));
}

// A key that needs a passphrase is refused rather than asked for on a terminal.
int NoPassphrase(char*, int, int, void*) { return 0; }

int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* size,
                   const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kProtocol, sizeof(kProtocol) - 1, offered,
                            offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

void SetRules(SSL_CTX* context) {
  DOLEN_CHECK(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1);
  DOLEN_CHECK(SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1);
  SSL_CTX_set_security_level(context, kSecurityLevel);
  DOLEN_CHECK(SSL_CTX_set_cipher_list(context, kCiphersOf12) == 1);
  DOLEN_CHECK(SSL_CTX_set1_groups_list(context, kGroups) == 1);
  // No session is taken up again: each connection shows its certificate anew, and no key outlives
  // its connection. Connections are kept alive, so handshakes are few.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  DOLEN_CHECK(SSL_CTX_set_num_tickets(context, 0) == 1);
  // An idle connection, such as a stream between two events, holds no buffers.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, ChooseProtocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, NoPassphrase);
}

absl::Status AskClients(SSL_CTX* context, const TlsOptions& options) {
  const std::string& file = options.client_authority_file;
  STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(file.c_str());
  if (names == nullptr || SSL_CTX_load_verify_locations(context, file.c_str(), nullptr) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return CannotUse("the certificates of the clients' authority", file);
  }
  SSL_CTX_set_client_CA_list(context, names);
  SSL_CTX_set_max_cert_list(context, kMaxClientChainBytes);
  SSL_CTX_set_verify_depth(context, kMaxClientChainLinks);
  const int required = options.client_certificate_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | required, nullptr);
  return absl::OkStatus();
}

// ---- What a client's certificate says -----------------------------------------------------------

// "CN=..., O=...", the most specific first, control characters escaped (RFC 4514).
std::string SubjectOf(const X509* certificate) {
  BIO* const text = BIO_new(BIO_s_mem());
  DOLEN_CHECK(text != nullptr);
  X509_NAME_print_ex(text, X509_get_subject_name(certificate), 0,
                     XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(text, &data);
  std::string subject(data, static_cast<size_t>(size));
  BIO_free(text);
  return subject;
}

std::string TextOf(const ASN1_STRING* text) {
  std::string bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                    static_cast<size_t>(ASN1_STRING_length(text)));
  // A zero byte has been used to make "a.example\0.other" look like "a.example".
  for (char c : bytes) {
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F) return "";
  }
  return bytes;
}

std::string AddressIn(const ASN1_STRING* bytes) {
  char text[INET6_ADDRSTRLEN] = "";
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(bytes) != 16) return "";
  inet_ntop(family, ASN1_STRING_get0_data(bytes), text, sizeof(text));
  return text;
}

std::vector<std::string> NamesOf(const X509* certificate) {
  std::vector<std::string> names;
  auto* const all = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  const auto add = [&](absl::string_view kind, const std::string& name) {
    if (!name.empty()) names.push_back(absl::StrCat(kind, ":", name));
  };
  for (int i = 0; i < sk_GENERAL_NAME_num(all); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(all, i);
    if (name->type == GEN_DNS) add("DNS", TextOf(name->d.dNSName));
    if (name->type == GEN_URI) add("URI", TextOf(name->d.uniformResourceIdentifier));
    if (name->type == GEN_EMAIL) add("email", TextOf(name->d.rfc822Name));
    if (name->type == GEN_IPADD) add("IP", AddressIn(name->d.iPAddress));
  }
  GENERAL_NAMES_free(all);
  return names;
}

absl::Time EndOf(const X509* certificate) {
  std::tm end{};
  DOLEN_CHECK(ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1);
  return absl::FromTM(end, absl::UTCTimeZone());
}

std::string ThumbprintOf(const X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  DOLEN_CHECK(size > 0);
  const std::string der(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return absl::WebSafeBase64Escape(Sha256(der));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsContext>> TlsContext::Read(const TlsOptions& options) {
  ERR_clear_error();
  std::unique_ptr<TlsContext> context(new TlsContext(SSL_CTX_new(TLS_server_method())));
  SSL_CTX* const raw = context->context_;
  DOLEN_CHECK(raw != nullptr);
  SetRules(raw);
  if (SSL_CTX_use_certificate_chain_file(raw, options.certificate_chain_file.c_str()) != 1) {
    return CannotUse("the server's certificates", options.certificate_chain_file);
  }
  // This also says whether key and certificate belong together.
  if (SSL_CTX_use_PrivateKey_file(raw, options.private_key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return CannotUse("the server's private key", options.private_key_file);
  }
  if (!options.client_authority_file.empty()) {
    if (absl::Status status = AskClients(raw, options); !status.ok()) return status;
  }
  return context;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

TlsChannel::TlsChannel(const TlsContext& context, int fd) : ssl_(SSL_new(context.context_)) {
  if (ssl_ == nullptr) throw std::bad_alloc();
  BIO* const bio = NewSocketBio(fd);
  SSL_set_bio(ssl_, bio, bio);
  SSL_set_accept_state(ssl_);
}

TlsChannel::~TlsChannel() { SSL_free(ssl_); }

Attempt TlsChannel::AttemptOf(int result, size_t count) {
  if (result == 1) return {AttemptEnd::kDone, count};
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
      return {AttemptEnd::kWhenReadable};
    case SSL_ERROR_WANT_WRITE:
      return {AttemptEnd::kWhenWritable};
    case SSL_ERROR_ZERO_RETURN:
      return {AttemptEnd::kEnded};
    default:
      is_broken_ = true;
      return {AttemptEnd::kBroken};
  }
}

// The thread's queue of errors must be empty before each call, or an old one is taken for a new.
Attempt TlsChannel::Handshake() {
  ERR_clear_error();
  return AttemptOf(SSL_do_handshake(ssl_), 0);
}

Attempt TlsChannel::Receive(char* to, size_t most) {
  ERR_clear_error();
  size_t count = 0;
  const int result = SSL_read_ex(ssl_, to, most, &count);
  return AttemptOf(result, count);
}

Attempt TlsChannel::Send(absl::string_view bytes) {
  ERR_clear_error();
  size_t count = 0;
  const int result = SSL_write_ex(ssl_, bytes.data(), bytes.size(), &count);
  return AttemptOf(result, count);
}

void TlsChannel::Finish() {
  if (is_broken_ || SSL_is_init_finished(ssl_) == 0) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
}

absl::optional<ClientCertificate> TlsChannel::Peer() const {
  const X509* const certificate = SSL_get0_peer_certificate(ssl_);
  if (certificate == nullptr || SSL_get_verify_result(ssl_) != X509_V_OK) return absl::nullopt;
  return ClientCertificate{ThumbprintOf(certificate), SubjectOf(certificate), NamesOf(certificate),
                           EndOf(certificate)};
}

}  // namespace dolen
