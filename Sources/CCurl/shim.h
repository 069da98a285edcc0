#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

#include <curl/curl.h>
#include <fcntl.h>

// curl_easy_setopt and curl_easy_getinfo take variable arguments, which Swift
// cannot call. One wrapper for each kind of argument.

static inline CURLcode curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*curl_bytes_function)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode curl_set_bytes_function(CURL *handle, CURLoption option,
                                               curl_bytes_function function) {
    return curl_easy_setopt(handle, option, function);
}

static inline CURLcode curl_set_seek_function(CURL *handle, curl_seek_callback function) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, function);
}

static inline CURLcode curl_set_progress_function(CURL *handle, curl_xferinfo_callback function) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, function);
}

// glibc declares it for GNU sources only, which Swift's module of it is not: a pipe that no other child
// gets, not even one that another thread starts at this moment.
static inline int pipe_closed_on_exec(int ends[2], int flags) {
    extern int pipe2(int ends[2], int flags);
    return pipe2(ends, flags | O_CLOEXEC);
}

// Macros with a cast are not imported.
static inline CURLcode curl_initialise(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

#endif
