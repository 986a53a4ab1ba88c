// A provider (provider(7)) that is libcrypto's default one without what no handshake needs. In C because Swift
// cannot write the type of its callbacks.
#ifndef CATENARY_COPENSSL_LEAN_H
#define CATENARY_COPENSSL_LEAN_H

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <string.h>
#include <strings.h>

// Within functions, because of what stands outside of them Swift imports the declaration alone.

/// Set once, by `catenary_lean_library`.
static inline OSSL_PROVIDER **catenary_whole_provider(void) {
    static OSSL_PROVIDER *whole;
    return &whole;
}
/// The algorithms of one operation that are kept; zeros end the list. NULL beyond the operations of
/// openssl/core_dispatch.h.
static inline OSSL_ALGORITHM *catenary_kept(int operation) {
    static OSSL_ALGORITHM kept[OSSL_OP__HIGHEST + 1][192];
    return operation < 0 || operation > OSSL_OP__HIGHEST ? NULL : kept[operation];
}

/// Beginnings of the names of what the operation of a handshake never asks for; NULL: everything is kept.
static inline const char *const *catenary_unused_names(int operation) {
    static const char *const digests[] = {
        "SHA3-", "KECCAK", "SHAKE-128", "BLAKE2", "SM3", "RIPEMD", "SHA2-512/", NULL};
    static const char *const macs[] = {"CMAC", "GMAC", "KMAC", "SIPHASH", "POLY1305", "BLAKE2", NULL};
    static const char *const derivations[] = {
        "PBKDF2", "SCRYPT", "SSKDF", "SSHKDF", "X9", "KBKDF", "PKCS12", "KRB5", "ARGON2", NULL};
    // What libssl derives and authenticates with goes by the operations above.
    static const char *const keys[] = {
        "DHX", "TLS1-PRF", "HKDF", "SCRYPT", "SIPHASH", "POLY1305", "CMAC", "SM2", NULL};
    // Keys that no certificate of a server has: these come as key shares alone.
    static const char *const decoders[] = {"DH", "X25519", "X448", "SM2", NULL};
    switch (operation) {
    case OSSL_OP_DIGEST: return digests;
    case OSSL_OP_MAC: return macs;
    case OSSL_OP_KDF: return derivations;
    case OSSL_OP_KEYMGMT:
    case OSSL_OP_KEYEXCH:
    case OSSL_OP_SIGNATURE: return keys;
    case OSSL_OP_DECODER: return decoders;
    default: return NULL;
    }
}
/// Modes of operation and ciphers without a cipher suite. CTR and ECB of AES-256 are the random generator's.
static inline int catenary_is_unused_cipher(const char *names) {
    static const char *const parts[] = {
        "-192-", "-CFB", "-OFB", "-XTS", "-WRAP", "-SIV", "-OCB", "-CTS", "SM4", "DES-EDE-", NULL};
    for (const char *const *part = parts; *part != NULL; part++)
        if (strstr(names, *part) != NULL) return 1;
    int is_bare = strstr(names, "-ECB") != NULL || strstr(names, "-CTR") != NULL;
    return is_bare && strncmp(names, "AES-256", 7) != 0;
}
static inline int catenary_is_kept(int operation, const OSSL_ALGORITHM *algorithm) {
    const char *names = algorithm->algorithm_names;
    if (operation == OSSL_OP_CIPHER) return !catenary_is_unused_cipher(names);
    // Of decoders those of a SubjectPublicKeyInfo in DER (RFC 5280 section 4.1.2.7).
    if (operation == OSSL_OP_DECODER
        && (strstr(algorithm->property_definition, "structure=SubjectPublicKeyInfo") == NULL
            || strstr(algorithm->property_definition, "input=der") == NULL))
        return 0;
    const char *const *unused = catenary_unused_names(operation);
    for (; unused != NULL && *unused != NULL; unused++)
        if (strncasecmp(names, *unused, strlen(*unused)) == 0) return 0;
    return 1;
}
/// 0 when there are more than there is room for.
static inline int catenary_keep(int operation) {
    int no_store = 0;
    size_t count = 0;
    const OSSL_ALGORITHM *all =
        OSSL_PROVIDER_query_operation(*catenary_whole_provider(), operation, &no_store);
    for (; all != NULL && all->algorithm_names != NULL; all++) {
        if (!catenary_is_kept(operation, all)) continue;
        if (count == 191) return 0;
        catenary_kept(operation)[count++] = *all;
    }
    return 1;
}

static inline const OSSL_ALGORITHM *catenary_lean_query(void *context, int operation, int *no_store) {
    const OSSL_ALGORITHM *kept = catenary_kept(operation);
    *no_store = 0;
    return kept == NULL || kept->algorithm_names == NULL ? NULL : kept;
}
static inline int catenary_lean_capabilities(
    void *context, const char *name, OSSL_CALLBACK *found, void *argument) {
    return OSSL_PROVIDER_get_capabilities(*catenary_whole_provider(), name, found, argument);
}
static inline int catenary_lean_init(
    const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *core, const OSSL_DISPATCH **functions,
    void **context) {
    static const OSSL_DISPATCH table[] = {
        {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))catenary_lean_query},
        {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, (void (*)(void))catenary_lean_capabilities},
        {0, NULL},
    };
    *functions = table;
    // The algorithms are the default provider's, and so is what they are called with.
    *context = OSSL_PROVIDER_get0_provider_ctx(*catenary_whole_provider());
    return 1;
}

/// To be called once. NULL when it cannot be made: the process's own context, which NULL stands for, serves
/// as well, only slower.
static inline OSSL_LIB_CTX *catenary_lean_library(void) {
    *catenary_whole_provider() = OSSL_PROVIDER_load(OSSL_LIB_CTX_new(), "default");
    if (*catenary_whole_provider() == NULL) return NULL;
    for (int operation = 0; operation <= OSSL_OP__HIGHEST; operation++)
        if (!catenary_keep(operation)) return NULL;
    OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();
    if (library == NULL) return NULL;
    if (OSSL_PROVIDER_add_builtin(library, "lean", catenary_lean_init)
        && OSSL_PROVIDER_load(library, "lean") != NULL)
        return library;
    OSSL_LIB_CTX_free(library);
    return NULL;
}

#endif
