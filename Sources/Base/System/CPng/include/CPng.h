#ifndef EIGHTCUT_CPNG_H
#define EIGHTCUT_CPNG_H

#include <stddef.h>
#include <stdint.h>

/// What libpng reports through longjmp, which Swift code must not be jumped over, comes back
/// from these functions as a message. The bytes are malloc'ed; the caller frees them.
typedef struct {
    uint8_t *bytes;
    size_t count;
    char message[200]; // empty when all went well
} CPngBytes;

typedef struct {
    uint32_t width;
    uint32_t height;
    uint32_t channels;
    uint32_t bit_depth; // that of the file
    int is_indexed; // whether samples are numbers of colours
    uint8_t is_coloured[256]; // whether the colour of a number is another one than black
    CPngBytes pixels; // rows from the top, without padding
} CPngImage;

/// How hard to compress.
typedef enum {
    CPNG_FLAT,  // few grey levels, long runs: no row filter, fastest deflate
    CPNG_PHOTO, // natural images
} CPngContent;

/// Writes samples of 8 or 16 bits (uint16_t), 1 channel (grey) or 3 (RGB), as a PNG file in memory.
CPngBytes cpng_encode(
    const void *pixels, uint32_t width, uint32_t height, uint32_t channels, uint32_t bit_depth,
    CPngContent content);

/// Writes samples of 8 bits that are numbers of colours as a PNG file in memory. The palette holds
/// red, green and blue of `colours` colours, 256 at most.
CPngBytes cpng_encode_indexed(
    const uint8_t *pixels, uint32_t width, uint32_t height, const uint8_t *palette, uint32_t colours);

/// Reads a PNG file as it is stored: no sample is converted, but those of 16 bits are uint16_t, and
/// those of fewer than 8 have a byte each. At most max_pixels are accepted.
CPngImage cpng_decode(const uint8_t *bytes, size_t count, uint64_t max_pixels);

#endif
