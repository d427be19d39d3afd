import type { ReactNode } from 'react';
import { Button, Tooltip, TooltipTrigger, type ButtonProps } from 'react-aria-components';

export interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  label: string;
  children: ReactNode;
  /** Key that does the same, shown in the tooltip. */
  shortcut?: string;
}

export function IconButton({ label, shortcut, children, className, ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      <Button {...props} aria-label={label} className={`icon-button ${className ?? ''}`}>{children}</Button>
      <Tooltip className="tooltip" offset={6}>{label}{shortcut && <kbd>{shortcut}</kbd>}</Tooltip>
    </TooltipTrigger>
  );
}
