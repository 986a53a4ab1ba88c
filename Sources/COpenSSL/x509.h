#pragma once

static inline size_t catenary_sk_X509_num(const STACK_OF(X509) *sk) { return sk ? (size_t)sk_X509_num(sk) : 0; }
static inline X509 *catenary_sk_X509_value(const STACK_OF(X509) *sk, size_t i) { return sk_X509_value(sk, (int)i); }
static inline STACK_OF(X509) *catenary_sk_X509_new(void) { return sk_X509_new_null(); }
static inline int catenary_sk_X509_push(STACK_OF(X509) *sk, X509 *x) { return sk_X509_push(sk, x); }
static inline void catenary_sk_X509_free(STACK_OF(X509) *sk) { sk_X509_free(sk); }
static inline void catenary_sk_X509_pop_free(STACK_OF(X509) *sk) { sk_X509_pop_free(sk, X509_free); }
static inline void catenary_OPENSSL_free(void *p) { OPENSSL_free(p); }

/* The certificates of a PKCS#7 SignedData, borrowed; NULL when it is of another type. */
static inline STACK_OF(X509) *catenary_PKCS7_certs(PKCS7 *p7) {
    return PKCS7_type_is_signed(p7) && p7->d.sign ? p7->d.sign->cert : NULL;
}

static inline STACK_OF(X509_CRL) *catenary_sk_X509_CRL_new(void) { return sk_X509_CRL_new_null(); }
static inline int catenary_sk_X509_CRL_push(STACK_OF(X509_CRL) *sk, X509_CRL *x) { return sk_X509_CRL_push(sk, x); }
static inline void catenary_sk_X509_CRL_free(STACK_OF(X509_CRL) *sk) { sk_X509_CRL_free(sk); }
static inline STACK_OF(ASN1_OBJECT) *catenary_sk_ASN1_OBJECT_new(void) { return sk_ASN1_OBJECT_new_null(); }
static inline int catenary_sk_ASN1_OBJECT_push(STACK_OF(ASN1_OBJECT) *sk, ASN1_OBJECT *o) {
    return sk_ASN1_OBJECT_push(sk, o);
}
static inline void catenary_sk_ASN1_OBJECT_pop_free(STACK_OF(ASN1_OBJECT) *sk) {
    sk_ASN1_OBJECT_pop_free(sk, ASN1_OBJECT_free);
}
