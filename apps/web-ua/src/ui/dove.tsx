// The mark of Paloma: a dove in flight, two strokes of wing and a body.

export function Dove({ size = 32 }: { size?: number }) {
  return (
    <svg className="dove" viewBox="0 0 48 48" width={size} height={size} aria-hidden="true" focusable="false">
      <path className="dove-wing-far" d="M20.5 22.5C19 14 22 7.5 29.5 4c1 6.5-.5 12.5-4.5 18z" />
      <path className="dove-body" d="M3.5 30.5c6.5 1 11.5-.5 15.5-4.5 5-5 9.5-8.5 16-8.5 2.800 0 4.800.9 6 2.600l4 1.400-4.300 2.200C40 34 31.5 40.5 20.5 40.5c-4 0-7.5-.7-10.5-2l5-2.5c-5-.2-9-2-11.5-5.5z" />
      <path className="dove-wing-near" d="M18.5 28C13 22.5 10.5 15.5 11.5 7.5c8 3.5 13 9.5 15 17.5-2.300 2.200-5 3.200-8 3z" />
    </svg>
  );
}
