#pragma once
// libssl's macros.
#include <openssl/err.h>
#include <openssl/ssl.h>

static inline void catenary_ctx_set_min_version(SSL_CTX *ctx, int version) {
    SSL_CTX_set_min_proto_version(ctx, version);
}
static inline long catenary_ctx_set_groups(SSL_CTX *ctx, const char *names) {
    return SSL_CTX_set1_groups_list(ctx, names);
}
static inline long catenary_set_max_version(SSL *ssl, int version) {
    return SSL_set_max_proto_version(ssl, version);
}
static inline long catenary_set_signature_algorithms(SSL *ssl, const char *names) {
    return SSL_set1_sigalgs_list(ssl, names);
}
static inline void catenary_ctx_set_max_cert_list(SSL_CTX *ctx, long bytes) {
    SSL_CTX_set_max_cert_list(ctx, bytes);
}
/// For looking at servers as they are: old renegotiation does not stop us, a new one is never answered,
/// nothing is resumed, certificates come uncompressed, and idle buffers are given back.
static inline void catenary_ctx_prepare_probing(SSL_CTX *ctx) {
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_RENEGOTIATION);
#ifdef SSL_OP_NO_RX_CERTIFICATE_COMPRESSION
    SSL_CTX_set_options(ctx, SSL_OP_NO_RX_CERTIFICATE_COMPRESSION);
#endif
}
/// 1 when the name was taken.
static inline long catenary_set_server_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, (void *)name);
}
static inline void catenary_request_ocsp(SSL *ssl) {
    SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
}
/// A NULL library is the process's own.
static inline SSL_CTX *catenary_client_context(OSSL_LIB_CTX *library) {
    return SSL_CTX_new_ex(library, NULL, TLS_client_method());
}
/// The length, or -1 when none was stapled; `out` stays libssl's.
static inline long catenary_stapled_ocsp(SSL *ssl, const unsigned char **out) {
    return SSL_get_tlsext_status_ocsp_resp(ssl, out);
}
static inline void catenary_set_message_argument(SSL *ssl, void *argument) {
    SSL_set_msg_callback_arg(ssl, argument);
}
/// NULL when no group was negotiated.
static inline const char *catenary_group_name(SSL *ssl) {
    long group = SSL_get_negotiated_group(ssl);
    return group <= 0 ? NULL : SSL_group_to_name(ssl, (int)group);
}
static inline int catenary_name_count(const STACK_OF(X509_NAME) *names) {
    return names == NULL ? 0 : sk_X509_NAME_num(names);
}
static inline const X509_NAME *catenary_name_at(const STACK_OF(X509_NAME) *names, int index) {
    return sk_X509_NAME_value(names, index);
}
/// RFC 4514 order and escaping; UTF-8 is kept as it is. Non-zero when it could not be written.
static inline int catenary_name_print(BIO *out, const X509_NAME *name) {
    return X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0;
}
/// An empty memory BIO that says "later", not "end".
static inline BIO *catenary_memory_bio(void) {
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio != NULL) BIO_set_mem_eof_return(bio, -1);
    return bio;
}
static inline int catenary_error_reason(unsigned long error) { return ERR_GET_REASON(error); }
