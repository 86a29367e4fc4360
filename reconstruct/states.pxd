cdef int _EVENTS
cdef const unsigned char[::1] _NEXT_STATE

cpdef int next_state(int state, int event) except -1
