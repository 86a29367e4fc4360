from libc.stdint cimport int64_t, uint32_t


cdef inline int64_t u16(const unsigned char[::1] data, int64_t at) except -1:
    if at < 0 or at + 2 > data.shape[0]:
        raise IndexError("past the end of the data")
    cdef const unsigned char* first = &data[0] + at
    return <int64_t>first[0] << 8 | first[1]


cdef inline int64_t u32(const unsigned char[::1] data, int64_t at) except -1:
    if at < 0 or at + 4 > data.shape[0]:
        raise IndexError("past the end of the data")
    cdef const unsigned char* first = &data[0] + at
    return <int64_t>(<uint32_t>first[0] << 24 | <uint32_t>first[1] << 16 | <uint32_t>first[2] << 8 | first[3])


cdef inline int64_t u32_ordered(const unsigned char[::1] data, int64_t at, bint big) except -1:
    if big:
        return u32(data, at)
    if at < 0 or at + 4 > data.shape[0]:
        raise IndexError("past the end of the data")
    cdef const unsigned char* first = &data[0] + at
    return <int64_t>(<uint32_t>first[3] << 24 | <uint32_t>first[2] << 16 | <uint32_t>first[1] << 8 | first[0])
