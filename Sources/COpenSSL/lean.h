// A provider (provider(7)) that is libcrypto's default one with fewer decoders. In C because Swift cannot
// write the type of its callbacks.
#ifndef CATENARY_COPENSSL_LEAN_H
#define CATENARY_COPENSSL_LEAN_H

#include <openssl/core_dispatch.h>
#include <openssl/provider.h>
#include <string.h>

// Within functions, because of what stands outside of them Swift imports the declaration alone.

/// Set once, by `catenary_lean_library`.
static inline OSSL_PROVIDER **catenary_whole_provider(void) {
    static OSSL_PROVIDER *whole;
    return &whole;
}
/// Zeros end the list. OpenSSL 3.0 has 12 that are kept.
static inline OSSL_ALGORITHM *catenary_kept_decoders(void) {
    static OSSL_ALGORITHM kept[64];
    return kept;
}

static inline const OSSL_ALGORITHM *catenary_lean_query(void *context, int operation, int *no_store) {
    if (operation != OSSL_OP_DECODER)
        return OSSL_PROVIDER_query_operation(*catenary_whole_provider(), operation, no_store);
    *no_store = 0;
    return catenary_kept_decoders();
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

/// To be called once. Keeps the decoders of a SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7). NULL when it
/// cannot be made: the process's own context, which NULL stands for, serves as well, only slower.
static inline OSSL_LIB_CTX *catenary_lean_library(void) {
    *catenary_whole_provider() = OSSL_PROVIDER_load(OSSL_LIB_CTX_new(), "default");
    if (*catenary_whole_provider() == NULL) return NULL;
    int no_store = 0;
    size_t count = 0;
    const OSSL_ALGORITHM *all =
        OSSL_PROVIDER_query_operation(*catenary_whole_provider(), OSSL_OP_DECODER, &no_store);
    for (; all != NULL && all->algorithm_names != NULL && count < 63; all++)
        if (strstr(all->property_definition, "structure=SubjectPublicKeyInfo") != NULL
            && strstr(all->property_definition, "input=der") != NULL)
            catenary_kept_decoders()[count++] = *all;
    OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();
    if (library == NULL) return NULL;
    if (OSSL_PROVIDER_add_builtin(library, "lean", catenary_lean_init)
        && OSSL_PROVIDER_load(library, "lean") != NULL)
        return library;
    OSSL_LIB_CTX_free(library);
    return NULL;
}

#endif
